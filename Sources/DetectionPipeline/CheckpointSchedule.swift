/// When to save: after so much time or so many records, whatever comes first.
public struct CheckpointPolicy: Sendable, Hashable {
    public var interval: Duration = .seconds(30)
    public var recordCount = 200_000
    /// After so long a stream at rest is saved again, where others see it: so they know that somebody has it.
    public var refresh: Duration = .seconds(900)

    public init() {}
}

struct CheckpointSchedule {
    let policy: CheckpointPolicy
    private var lastSave: PipelineInstant
    private var recordCount = 0

    init(_ policy: CheckpointPolicy, now: PipelineInstant) {
        self.policy = policy
        lastSave = now
    }

    mutating func finished(_ count: Int) { recordCount += count }

    func isDue(at now: PipelineInstant) -> Bool {
        recordCount > 0 && (recordCount >= policy.recordCount || now - lastSave >= policy.interval)
    }

    /// Notes a try to save, also one that failed: the next comes an interval later.
    mutating func saved(at now: PipelineInstant) {
        lastSave = now
        recordCount = 0
    }
}
