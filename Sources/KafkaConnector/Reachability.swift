/// Whether a broker can be reached, as far as is known. A value: time is given to it.
struct Reachability {
    private(set) var isReachable = true
    private var missedCount = 0
    private var nextQuestion: ContinuousClock.Instant?

    /// After so long without a word a broker is asked.
    static let quiet: Duration = .seconds(10)
    /// How soon it is asked again while it does not answer.
    static let interval: Duration = .seconds(5)
    /// How long an answer is waited for, on the thread that polls.
    static let patience: Duration = .milliseconds(500)
    /// Answers missed one after the other that mean that nobody is there: a busy one may miss one.
    static let missedLimit = 2

    /// All brokers are said to be gone: asked at once.
    mutating func lost() {
        if isReachable { nextQuestion = nil }
        isReachable = false
    }

    mutating func missed() {
        missedCount += 1
        if missedCount >= Self.missedLimit { isReachable = false }
    }

    mutating func answered(at now: ContinuousClock.Instant) {
        isReachable = true
        missedCount = 0
        nextQuestion = now + Self.quiet
    }

    /// Whether to ask now; if so, not again for a while.
    mutating func isDueToAsk(at now: ContinuousClock.Instant) -> Bool {
        guard nextQuestion.map({ $0 <= now }) ?? true else { return false }
        nextQuestion = now + Self.interval
        return true
    }
}
