import Telemetry

/// What librdkafka's callbacks reach of a client: they run on its threads or on
/// the one that polls, so all state is behind locks.
final class ClientContext: Sendable {
    let logger: Logger
    let tokenProvider: KafkaTokenProvider?
    let brokers: String
    let scramIsUnsound: Bool
    /// The debug output that `probesFeatures` causes stays hidden unless asked for.
    let showsDebugLines: Bool
    let deliveries = DeliveryLedger()
    private let state: Locked<State>

    struct State {
        var errors: [KafkaError] = []
        var rebalances: [Rebalance] = []
        var statistics: String?
        var brokerRefusesOldScram = false
        /// While closing, a revocation is answered at once: nobody polls for it any more.
        var isClosing = false
    }

    /// Errors kept until the next poll; more are dropped, oldest first.
    static let maximumErrors = 100

    init(properties: KafkaProperties, logger: Logger, tokenProvider: KafkaTokenProvider?) {
        self.logger = logger
        self.tokenProvider = tokenProvider
        brokers =
            properties["bootstrap.servers"] ?? properties["metadata.broker.list"] ?? "(no bootstrap.servers)"
        scramIsUnsound = properties.usesUnsoundScram
        showsDebugLines = properties["debug"] != nil
        state = Locked(State())
    }

    func report(_ error: KafkaError) {
        state.withLock { state in
            if state.errors.count == Self.maximumErrors { state.errors.removeFirst() }
            state.errors.append(error)
        }
    }

    func takeErrors() -> [KafkaError] {
        state.withLock { state in
            defer { state.errors.removeAll() }
            return state.errors
        }
    }

    /// Keeps the rebalance for the polling thread; false while closing.
    func hold(_ rebalance: Rebalance) -> Bool {
        state.withLock { state in
            guard !state.isClosing else { return false }
            state.rebalances.append(rebalance)
            return true
        }
    }

    func takeRebalances() -> [Rebalance] {
        state.withLock { state in
            defer { state.rebalances.removeAll() }
            return state.rebalances
        }
    }

    func beginClosing() {
        state.withLock { $0.isClosing = true }
    }

    var statistics: String? {
        get { state.withLock { $0.statistics } }
        set { state.withLock { $0.statistics = newValue } }
    }

    var brokerRefusesOldScram: Bool {
        get { state.withLock { $0.brokerRefusesOldScram } }
        set { state.withLock { $0.brokerRefusesOldScram = newValue } }
    }
}
