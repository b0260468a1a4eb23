import RandomCutForest

extension DetectorSettings {
    /// The bytes that one model takes once its forest is full; 0 for settings that no forest takes.
    public func modelBytes(featureCount: Int) -> Int {
        let configuration = EntityDetector.forestConfiguration("", featureCount: featureCount, self)
        // Of each feature the statistics, the value before and scratch.
        let features = featureCount * (MemoryLayout<RunningStatistics>.stride + 64) + 1_024
        return ((try? RandomCutForest.memoryBytes(for: configuration)) ?? -features) + features
    }
}
