/// The filters of a mapping: a record passes that passes one of them. Without any, all pass.
public struct RecordFilter: Sendable, Hashable {
    public let patterns: [FilterPattern]

    /// Lambda's default quota.
    public static let maximumPatternCount = 5

    /// - Parameter patterns: each as `FilterPattern` reads it.
    public init(_ patterns: [String] = []) throws(FilterPatternError) {
        guard patterns.count <= Self.maximumPatternCount else {
            throw FilterPatternError("A mapping has at most \(Self.maximumPatternCount) filters")
        }
        var compiled: [FilterPattern] = []
        for pattern in patterns { compiled.append(try FilterPattern(pattern)) }
        self.patterns = compiled
    }

    /// - Parameter value: nil for a tombstone.
    public func passes(_ value: ArraySlice<UInt8>?) -> Bool {
        if patterns.isEmpty { return true }
        let value = FilteredValue(value)
        return patterns.contains { $0.passes(value) }
    }
}
