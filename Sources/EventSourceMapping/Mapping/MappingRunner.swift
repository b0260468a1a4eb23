import DetectionPipeline
import Dispatch
import KafkaClient
import LocalLambdaModel
import Retries
import Telemetry

/// Runs one mapping, on a thread of its own while it is enabled.
final class MappingRunner: Sendable {
    private let services: MappingServices
    private let logger: Logger
    private let state: Locked<MappingState>
    /// Ends the run's wait for records.
    private let wake = Locked<(@Sendable () -> Void)?>(nil)
    /// Signalled with each change, for the pause between two runs.
    private let changed = DispatchSemaphore(value: 0)
    /// Entered while the thread runs.
    private let running = DispatchGroup()
    /// Called when a removed mapping has stopped.
    private let onRemoved: @Sendable () -> Void

    init(
        _ configuration: EventSourceMappingConfiguration,
        _ services: MappingServices,
        onRemoved: @escaping @Sendable () -> Void
    ) {
        self.services = services
        self.onRemoved = onRemoved
        logger = services.logger.adding(["mapping": .string(configuration.id.text)])
        state = Locked(MappingState(configuration))
        startIfNeeded()
    }

    var status: EventSourceMappingStatus { state.withLock { $0.status } }

    func apply(_ configuration: EventSourceMappingConfiguration) {
        state.withLock { $0.change(to: configuration) }
        startIfNeeded()
        notify()
    }

    func remove() {
        let wasRunning = state.withLock { state in
            state.remove()
            return state.isRunning
        }
        notify()
        if !wasRunning { onRemoved() }
    }

    /// Asks the mapping to end, to go on in another process.
    func end() {
        state.withLock { $0.end() }
        notify()
    }

    /// Waits until nothing of the mapping runs any more.
    func wait(until deadline: DispatchTime) {
        _ = running.wait(timeout: deadline)
    }

    private func notify() {
        changed.signal()
        wake.withLock { $0 }?()
    }

    private func startIfNeeded() {
        guard state.withLock({ $0.takeStart() }) else { return }
        running.enter()
        // A queue of its own is a thread of its own while it blocks.
        DispatchQueue(label: "mapping").async { [self] in
            loop()
            running.leave()
            if state.withLock({ $0.isRemoved }) { onRemoved() }
        }
    }

    // MARK: The thread

    private func loop() {
        var delays = RetrySchedule(Self.delays)
        let clock = SystemPipelineClock()
        while let (configuration, revision) = state.withLock({ $0.next() }) {
            do {
                try run(configuration, revision) { delays.succeeded() }
            } catch {
                logger.warning("mapping_failed", "\(error)")
                state.withLock { state in
                    state.failed(ProcessingResult(error))
                    // Tools wait for the state; what is wrong is in the result.
                    state.settled(revision)
                }
                let next = delays.failed(at: clock.now, jitter: .random(in: 0.5..<1)) ?? clock.now
                pause(next - clock.now)
            }
        }
        logger.info("mapping_stopped", "the mapping has left its group")
    }

    /// Between two runs that failed: a broker, a topic or a secret that is not there.
    private static let delays: RetryPolicy = {
        var policy = RetryPolicy(maximumAttempts: nil, deadline: nil)
        policy.initialDelay = .seconds(1)
        policy.maximumDelay = .seconds(10)
        return policy
    }()

    private func pause(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        _ = changed.wait(timeout: .now() + .nanoseconds(nanoseconds))
    }

    /// - Parameter onBegun: called when the topic is being read.
    private func run(
        _ configuration: EventSourceMappingConfiguration,
        _ revision: Int,
        onBegun: @escaping () -> Void
    ) throws {
        let settings = try MappingSettings(configuration)
        let run = try MappingRun(settings, services) { [state] result in
            state.withLock { $0.processed(result) }
        }
        let waker = run.waker
        wake.withLock { $0 = { waker.wake() } }
        defer { wake.withLock { $0 = nil } }
        logger.info(
            "mapping_started",
            "reading",
            [
                "topic": .string(configuration.topic), "group": .string(configuration.consumerGroup),
                "function": .string(configuration.function.name.text),
            ]
        )
        var adopted = Adopted(settings: settings, revision: revision)
        let start = ContinuousClock.now
        try run.run(
            until: { [state] in
                let (shouldRun, wanted) = state.withLock { ($0.shouldRun, $0.revision) }
                if wanted != adopted.revision { self.look(for: wanted, &adopted) }
                return !shouldRun || adopted.needsNewRun
            },
            change: { adopted.takeChange() },
            onTurn: { [state] turn in
                // The next run reads the secret again, or says what is wrong with it.
                if turn.isLoginRefused { adopted.needsNewRun = true }
                let isBegun = turn.isAssigned || start.duration(to: .now) > Self.longestBeginning
                if isBegun { onBegun() }
                state.withLock { state in
                    if isBegun { state.settled(adopted.revision) }
                    if turn.isConnected { state.connected() } else { state.failed(.notConnected) }
                }
            }
        )
    }

    /// How long a group may take to give partitions before the mapping counts as enabled: other members may have all.
    private static let longestBeginning: Duration = .seconds(15)

    /// The settings in force, and those that are to be.
    private struct Adopted {
        var settings: MappingSettings
        var revision: Int
        var change: MappingSettings?
        var needsNewRun = false

        mutating func takeChange() -> MappingSettings? {
            defer { change = nil }
            return change
        }
    }

    private func look(for revision: Int, _ adopted: inout Adopted) {
        let wanted = state.withLock { $0.wanted }
        guard let settings = try? MappingSettings(wanted), settings.readsAlike(adopted.settings) else {
            // The next run has the new settings, or says what is wrong with them.
            adopted.needsNewRun = true
            return
        }
        adopted.settings = settings
        adopted.change = settings
        adopted.revision = revision
    }
}
