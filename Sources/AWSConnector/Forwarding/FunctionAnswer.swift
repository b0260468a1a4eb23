import AWSServices
import DetectionPipeline
import JSONText
import LambdaRuntime

/// What a function made of the records of one partition.
enum FunctionAnswer: Hashable {
    case done
    /// So many from the front are done; the rest is to come again.
    case failed(finishedCount: Int, reason: String)

    /// - Parameters:
    ///   - answer: of the call.
    ///   - batch: what the function was given, under this name of the partition.
    init(_ answer: Lambda.Invoke.Answer, to batch: RecordBatch, partition: String) {
        if let problem = Self.functionError(answer) {
            self = .failed(finishedCount: 0, reason: problem)
            return
        }
        do throws(EventError) {
            let response = try BatchResponse(kafka: answer.payload)
            self = Self.finished(response, batch, partition)
        } catch {
            self = .failed(finishedCount: 0, reason: error.message)
        }
    }

    /// Where a record is named that was not sent, none counts as done.
    private static func finished(
        _ response: BatchResponse,
        _ batch: RecordBatch,
        _ partition: String
    ) -> FunctionAnswer {
        let sent = Set(batch.records.map(\.offset))
        var first: Int64?
        for failure in response.failures {
            guard case .kafka(partition, let offset) = failure, sent.contains(offset) else {
                return .failed(
                    finishedCount: 0,
                    reason: "the function names a failed record that it was not given"
                )
            }
            first = min(first ?? offset, offset)
        }
        guard let first else { return .done }
        return .failed(
            finishedCount: batch.records.prefix { $0.offset < first }.count,
            reason: "the function reports the record at offset \(first) as failed"
        )
    }

    /// Nil for none. Lambda says in a field of the answer that its body is an error; the emulator does not, and there the
    /// body itself tells.
    private static func functionError(_ answer: Lambda.Invoke.Answer) -> String? {
        let body = try? JSONValue(answer.payload)
        let (type, message) = (body?["errorType"]?.string, body?["errorMessage"]?.string)
        guard answer.functionError != nil || (type != nil && message != nil) else { return nil }
        let words = [type, message].compactMap { $0 }.joined(separator: ": ")
        return "the function failed" + (words.isEmpty ? "" : ": \(words.prefix(300))")
    }
}
