import DetectionPipeline
import LocalLambdaModel

/// What is wanted of a mapping, what it is doing, and what of it is shown. A value.
struct MappingState: Sendable {
    private(set) var wanted: EventSourceMappingConfiguration
    /// Grows with each change of `wanted`.
    private(set) var revision = 1
    private(set) var isRemoved = false
    /// Whether all mappings are to end, to go on in another process.
    private(set) var isEnding = false
    /// Whether a thread reads the topic, or is about to.
    private(set) var isRunning = false
    private var state: EventSourceMappingStatus.State
    private var lastResult = ProcessingResult.none
    /// Why the topic cannot be read now; nil while it can.
    private var problem: ProcessingResult?

    init(_ wanted: EventSourceMappingConfiguration) {
        self.wanted = wanted
        state = wanted.isEnabled ? .creating : .disabled
    }

    var shouldRun: Bool { wanted.isEnabled && !isRemoved && !isEnding }

    var status: EventSourceMappingStatus {
        EventSourceMappingStatus(state: state, lastProcessingResult: (problem ?? lastResult).text)
    }

    // MARK: From outside

    mutating func change(to configuration: EventSourceMappingConfiguration) {
        guard !isRemoved else { return }
        let wasEnabled = wanted.isEnabled
        wanted = configuration
        revision += 1
        switch (configuration.isEnabled, isRunning) {
        case (false, true): state = .disabling
        case (false, false): state = .disabled
        case (true, _): state = wasEnabled ? (state == .creating ? .creating : .updating) : .enabling
        }
    }

    mutating func remove() {
        isRemoved = true
        state = .deleting
    }

    mutating func end() { isEnding = true }

    /// Whether a thread is to be started; it is then counted as running.
    mutating func takeStart() -> Bool {
        guard shouldRun, !isRunning else { return false }
        isRunning = true
        return true
    }

    // MARK: From the thread

    /// What to run now; nil where the thread is to end, which is then counted as ended.
    mutating func next() -> (configuration: EventSourceMappingConfiguration, revision: Int)? {
        guard shouldRun else {
            isRunning = false
            problem = nil
            if !isRemoved, !isEnding { state = .disabled }
            return nil
        }
        return (wanted, revision)
    }

    /// The settings of `revision` are in force, or were tried.
    mutating func settled(_ revision: Int) {
        guard revision == self.revision, shouldRun else { return }
        state = .enabled
    }

    mutating func processed(_ result: ProcessingResult) { lastResult = result }

    mutating func failed(_ problem: ProcessingResult) { self.problem = problem }

    mutating func connected() { problem = nil }
}
