import AWSConnector
import DetectionPipeline
import JSONText
import LambdaRuntime

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
        do {
            self = try batch.indexOfFirst(Self.items(answer)).map { .first(index: $0) } ?? Self.none
        } catch {
            self = .unusable(reason: "\(error)")
        }
    }

    private struct UnusableAnswer: Error, CustomStringConvertible {
        var description: String
    }

    private static func items(_ answer: [UInt8]) throws(UnusableAnswer) -> [BatchResponse.Item] {
        guard answer.contains(where: { !" \t\r\n".utf8.contains($0) }) else { return [] }
        guard let json = try? JSONValue(answer) else {
            throw UnusableAnswer(description: "the answer is not JSON")
        }
        switch json {
        case .null: return []
        case .object(let members):
            switch members["batchItemFailures"] {
            case nil, .null: return []
            case .array(let items): return try items.map(item)
            default: throw UnusableAnswer(description: "batchItemFailures is no list")
            }
        default: throw UnusableAnswer(description: "the answer is no object")
        }
    }

    private static func item(_ json: JSONValue) throws(UnusableAnswer) -> BatchResponse.Item {
        guard let item = BatchResponse.Item(kafka: json) else {
            throw UnusableAnswer(description: "an itemIdentifier without partition and offset")
        }
        return item
    }
}
