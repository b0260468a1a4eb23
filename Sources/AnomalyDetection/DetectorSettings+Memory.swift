import RandomCutForest

extension DetectorSettings {
    /// The bytes that one model takes once its forest, if it has one, is full; 0 for settings that no forest takes.
    public func modelBytes(featureCount: Int, scoring: StreamScoring = .forests) -> Int {
        // Of each feature the statistics, the value before and scratch.
        let features = featureCount * (MemoryLayout<RunningStatistics>.stride + 64) + 1_024
        guard scoring == .forests else { return features }
        let configuration = EntityDetector.forestConfiguration("", featureCount: featureCount, self)
        return ((try? RandomCutForest.memoryBytes(for: configuration)) ?? -features) + features
    }
}
