/// A mapping as it runs.
public struct EventSourceMappingStatus: Sendable, Hashable {
    /// As AWS shows it.
    public enum State: String, Sendable, Hashable {
        case creating = "Creating"
        case enabling = "Enabling"
        case enabled = "Enabled"
        case disabling = "Disabling"
        case disabled = "Disabled"
        case updating = "Updating"
        case deleting = "Deleting"
    }

    public var state: State
    /// `USER_INITIATED`, or a problem that keeps the mapping from running.
    public var stateTransitionReason: String
    /// `No records processed`, `OK`, `PROBLEM: …`
    public var lastProcessingResult: String

    public init(
        state: State,
        stateTransitionReason: String = "USER_INITIATED",
        lastProcessingResult: String = "No records processed"
    ) {
        self.state = state
        self.stateTransitionReason = stateTransitionReason
        self.lastProcessingResult = lastProcessingResult
    }
}

/// Runs mappings: what the control plane needs of the pollers.
///
/// All calls return at once; what they ask for happens on the pollers' own threads.
public protocol EventSourceMappingRunning: Sendable {
    /// Begins a mapping, or takes over settings that were changed, without a lost or doubled record. One that is not
    /// enabled stops, and its status says so.
    func apply(_ mapping: EventSourceMappingConfiguration)

    /// Stops a mapping for good. Its status is `deleting` until it has stopped, and nil then.
    func remove(_ id: EventSourceMappingID)

    /// Nil for a mapping that is not there.
    func status(of id: EventSourceMappingID) -> EventSourceMappingStatus?
}
