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
    ///   - batch: what the function was given.
    init(_ answer: Lambda.Invoke.Answer, to batch: RecordBatch) {
        if let problem = Self.functionError(answer) {
            self = .failed(finishedCount: 0, reason: problem)
            return
        }
        do throws(EventError) {
            self = Self.finished(try BatchResponse(kafka: answer.payload), batch)
        } catch {
            self = .failed(finishedCount: 0, reason: error.message)
        }
    }

    /// Where a record is named that was not sent, none counts as done.
    private static func finished(_ response: BatchResponse, _ batch: RecordBatch) -> FunctionAnswer {
        do throws(UnknownRecord) {
            guard let first = try batch.indexOfFirst(response.failures) else { return .done }
            let offset = batch.records[first].offset
            return .failed(
                finishedCount: first,
                reason: "the function reports the record at offset \(offset) as failed"
            )
        } catch {
            return .failed(
                finishedCount: 0,
                reason: "the function names a failed record that it was not given: \(error)"
            )
        }
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
