/// Calls until it succeeds or the policy's patience is at an end.
///
/// - Parameter onFailure: told of each failure that is followed by another try.
func retrying<Value>(
    _ policy: RetryPolicy,
    clock: any PipelineClock,
    jitter: () -> Double,
    onFailure: (any Error) -> Void,
    _ call: () throws -> Value
) throws -> Value {
    var tries = RetrySchedule(policy)
    while true {
        do {
            return try call()
        } catch  where FailureKind(error) == .transient {
            guard let next = tries.failed(at: clock.now, jitter: jitter()) else { throw error }
            onFailure(error)
            clock.sleep(until: next)
        }
    }
}
