import DetectionPipeline
import JSONText

/// What a function with `ReportBatchItemFailures` says of a batch.
///
/// Source: AWS Lambda Developer Guide, "Configuring error handling controls for Kafka event sources".
enum BatchItemFailures: Sendable, Hashable {
    /// All records are done: no failure, an empty answer, or null.
    case none
    /// All records before this one are done.
    case first(index: Int)
    /// It says nothing that can be used, or names a record that it was not given: all of the batch failed.
    case unusable(reason: String)

    init(_ answer: [UInt8], for batch: RecordBatch) {
        do throws(UnusableAnswer) {
            let failed = try Self.failedOffsets(answer, batch.partitionKey)
            guard let first = failed.min() else {
                self = .none
                return
            }
            let given = Dictionary(uniqueKeysWithValues: zip(batch.records.map(\.offset), 0...))
            if let unknown = failed.first(where: { given[$0] == nil }) {
                throw UnusableAnswer(reason: "offset \(unknown) was not in the event")
            }
            self = .first(index: given[first] ?? 0)
        } catch {
            self = .unusable(reason: error.reason)
        }
    }

    private struct UnusableAnswer: Error {
        var reason: String
    }

    private static func failedOffsets(
        _ answer: [UInt8],
        _ partitionKey: String
    ) throws(UnusableAnswer) -> [Int64] {
        guard answer.contains(where: { !" \t\r\n".utf8.contains($0) }) else { return [] }
        guard let json = try? JSONValue(answer) else {
            throw UnusableAnswer(reason: "the answer is not JSON")
        }
        switch json {
        case .null: return []
        case .object(let members):
            switch members["batchItemFailures"] {
            case nil, .null: return []
            case .array(let items):
                var offsets: [Int64] = []
                for item in items { offsets.append(try offset(item, partitionKey)) }
                return offsets
            default: throw UnusableAnswer(reason: "batchItemFailures is no list")
            }
        default: throw UnusableAnswer(reason: "the answer is no object")
        }
    }

    /// Lambda's pages have had two names for the partition, one after the other.
    private static func offset(_ item: JSONValue, _ partitionKey: String) throws(UnusableAnswer) -> Int64 {
        guard let identifier = item["itemIdentifier"], let offset = identifier["offset"]?.integer else {
            throw UnusableAnswer(reason: "an itemIdentifier without partition and offset")
        }
        let partition = (identifier["partition"] ?? identifier["topic-partition"])?.string
        guard partition == partitionKey else {
            throw UnusableAnswer(reason: "partition \(partition ?? "null") was not in the event")
        }
        return offset
    }
}
