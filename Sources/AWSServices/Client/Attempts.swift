import HTTPClient
import Retries
import Telemetry

/// Why an attempt failed, and what was mended on the way.
struct AttemptFailure: Error {
    /// After which the same call may succeed at once.
    enum Remedy: Hashable {
        /// The offset of the clock is known now.
        case clockCorrected
        /// The credentials had ended, and others may be had.
        case credentialsDropped
        /// The bucket is in another region, which is known now.
        case bucketFound
    }

    let error: AWSError
    var remedy: Remedy?
}

/// The attempts of one call.
struct Attempts {
    private let client: AWSClient
    private let title: String
    private let start: Duration
    /// On the clock's `uptime`.
    private let end: Duration?
    private var failureCount = 0
    private var remedies: Set<AttemptFailure.Remedy> = []

    /// - Parameters:
    ///   - title: of the call, for messages.
    ///   - limit: time for all attempts and what lies between; nil for the policy's alone. The client's may be shorter.
    init(_ client: AWSClient, _ title: String, within limit: Duration?) {
        self.client = client
        self.title = title
        start = client.clock.uptime()
        end = [limit.map { [start] in start + $0 }, client.deadline.withLock(\.self)].compactMap(\.self).min()
    }

    /// For the next attempt: what the call wants, or what is left.
    func timeout(_ wanted: Duration?) throws(AWSError) -> Duration {
        let wanted = wanted ?? client.settings.http.timeout
        guard let end else { return wanted }
        let left = end - client.clock.uptime()
        guard left > .zero else {
            throw AWSError(.timedOut, "\(title): no time is left for it", isRetriable: true)
        }
        return min(wanted, left)
    }

    /// What is left of the call's time; nil for no limit.
    func timeLeft() throws(AWSError) -> Duration? {
        end == nil ? nil : try timeout(.seconds(Int64(Int32.max)))
    }

    /// Waits for the next attempt, or throws where there is none.
    mutating func failed(_ failure: AttemptFailure) throws(AWSError) {
        if let remedy = failure.remedy, remedies.insert(remedy).inserted { return }
        try failed(failure.error)
    }

    mutating func failed(_ error: AWSError) throws(AWSError) {
        let policy = client.settings.retries
        failureCount += 1
        guard error.isRetriable, failureCount < policy.maximumAttempts ?? .max,
            client.budget.withLock({ $0.spend() })
        else { throw error }
        // A service that is asked too often is given four times as long.
        let step = error.code == .throttled ? failureCount + 2 : failureCount
        let delay = max(policy.delay(after: step, jitter: .random(in: 0..<1)), error.retryAfter ?? .zero)
        let next = client.clock.uptime() + delay
        if let deadline = policy.deadline, next > start + deadline { throw error }
        if let end, next >= end { throw error }
        client.logger.warning(
            "aws_call_retried",
            "a call of a service is tried again",
            [
                "call": .string(title), "reason": .string(error.message),
                "attempt": .integer(Int64(failureCount)),
            ]
        )
        client.clock.sleep(delay)
    }

    /// Of a call that is made of several: what was done is no reason to lose patience.
    mutating func progressed() { failureCount = 0 }

    func succeeded() { client.budget.withLock { $0.earn() } }
}
