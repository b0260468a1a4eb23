public import AnomalyDetection

/// What may change in a run. To be called between batches, as from `onProgress`.
extension Pipeline {
    /// Puts another threshold in force from the next batch on, for the models that there are and for later ones.
    public func setThreshold(_ policy: ThresholdPolicy) {
        settings.detector.threshold = policy
        for processor in processors.values { processor.setThreshold(policy) }
    }

    /// Changes how long a stop waits for a sink that is down.
    public func setDrainTime(_ duration: Duration) {
        settings.drainTime = duration
    }
}
