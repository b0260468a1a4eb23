/// What may change in a run. To be called between turns, as from `onProgress`.
extension Forwarder {
    /// Changes how many calls may be under way at once.
    public func setConcurrency(_ maximum: Int) {
        settings.concurrency = maximum
        lanes.concurrency.setMaximum(maximum)
    }

    /// Changes how many bytes may wait.
    public func setQueueLimit(_ bytes: Int) {
        settings.queueLimit = bytes
    }

    /// Changes after how many tries that failed with a `CountedError` records are given up.
    public func setAttemptLimit(_ limit: Int?) {
        settings.attemptLimit = limit
        lanes.attemptLimit = limit
    }

    /// Changes how long a stop waits for calls under way.
    public func setDrainTime(_ duration: Duration) {
        settings.drainTime = duration
    }
}
