extension StreamDetector {
    /// Puts another threshold in force, from the next record on. What the models have learnt stays, and so do
    /// the mean and deviation of the recent scores. O(models)
    public func setThreshold(_ policy: ThresholdPolicy) {
        settings.detector.threshold = policy
        entities.makeDetector = Self.maker(plan, settings)
        for entry in entities.entries { entry.detector.setThreshold(policy) }
    }

    /// What makes the model of an entity that is new.
    static func maker(_ plan: FeaturePlan, _ settings: StreamSettings) -> EntityTable.Maker {
        { entity in
            try EntityDetector(
                entity: entity,
                features: plan.features,
                settings: settings.detector,
                scoring: settings.scoring
            )
        }
    }
}
