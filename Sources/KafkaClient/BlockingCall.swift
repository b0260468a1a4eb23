import Dispatch
import Telemetry

/// Runs a call of librdkafka's that may outlast its own time limit (some do,
/// once a broker has gone) on a thread of its own, and waits for it until the
/// deadline only. A call given up ends by itself later; what it holds lives
/// until then.
///
/// - Throws: what `body` throws, or `timedOut`.
func callWithDeadline<Value: Sendable>(
    _ limit: Duration,
    _ place: String,
    _ body: @escaping @Sendable () throws(KafkaError) -> Value
) throws(KafkaError) -> Value {
    let outcome = Locked<Result<Value, KafkaError>?>(nil)
    let done = DispatchSemaphore(value: 0)
    DispatchQueue(label: "kafka.blocking-call").async {
        let result: Result<Value, KafkaError>
        do throws(KafkaError) {
            result = .success(try body())
        } catch {
            result = .failure(error)
        }
        outcome.withLock { $0 = result }
        done.signal()
    }
    let milliseconds = DispatchTimeInterval.milliseconds(Int(limit.librdkafkaMilliseconds))
    guard done.wait(timeout: .now() + milliseconds) == .success, let result = outcome.withLock({ $0 }) else {
        throw KafkaError(.timedOut, "\(place): no answer within \(limit)", isRetriable: true)
    }
    return try result.get()
}
