public import HTTPClient
public import Retries

extension AWSClient {
    /// How a client calls.
    public struct Settings: Sendable, Hashable {
        /// Nil for the environment's, or the profile's.
        public var region: String?
        /// Time limits of one attempt, and the authorities that are trusted; without any those of `AWS_CA_BUNDLE`, or the
        /// system's.
        public var http: HTTPClient.Settings
        /// How a call is tried again.
        public var retries: RetryPolicy
        /// Retries of all calls together: without a token a call is not tried again.
        public var budget: RetryBudget

        public init() {
            http = HTTPClient.Settings()
            http.connectTimeout = .seconds(5)
            retries = RetryPolicy(maximumAttempts: 5, deadline: .seconds(120))
            retries.maximumDelay = .seconds(20)
            budget = RetryBudget(capacity: 100, earning: 0.2)
        }
    }
}
