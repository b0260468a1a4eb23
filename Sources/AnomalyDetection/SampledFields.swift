import LogRecords

/// The numeric fields of a stream's first records, with their values: what
/// features are chosen from where the format does not fix them.
struct SampledFields {
    struct Series {
        var path: String
        /// Nesting depth; 0 at the top.
        var depth: Int
        var values: [Double]
    }

    /// In the order of their first appearance.
    private(set) var series: [Series] = []
    private var timestamps: [Int64] = []
    private var hasLevels = false

    /// Features are at most this many: each further one blunts the others.
    static let maximumFeatures = 12
    /// Records from which on a field may be taken for a counter, or the stream for periodic.
    static let minimumEvidence = 16

    /// - Parameter except: paths that are not wanted.
    init(_ sample: [ParsedRecord], except: Set<String> = []) {
        var positions: [String: Int] = [:]
        for record in sample {
            if let timestamp = record.timestamp { timestamps.append(timestamp) }
            if record.level != nil { hasLevels = true }
            for index in 0..<record.fieldCount where record[field: index].kind == .number {
                guard let value = record.number(at: index) else { continue }
                let path = record.path(at: index)
                if except.contains(path) { continue }
                if let position = positions[path] {
                    series[position].values.append(value)
                } else {
                    positions[path] = series.count
                    series.append(Series(path: path, depth: depth(of: index, in: record), values: [value]))
                }
            }
        }
    }

    private func depth(of index: Int, in record: ParsedRecord) -> Int {
        var depth = 0
        var parent = record[field: index].parent
        while let current = parent {
            depth += 1
            parent = record[field: current].parent
        }
        return depth
    }

    /// The features, most meaningful first: status, durations and sizes, then
    /// other fields; shallow before deep, moving before constant.
    func features() -> [Feature] {
        var ranked: [(rank: (Int, Int, Int), features: [Feature])] = []
        for (order, field) in series.enumerated() {
            guard let role = FieldRole(field.path, values: field.values) else { continue }
            let isConstant = field.values.allSatisfy { $0 == field.values[0] } && role == .other
            let rank = (role.isMeasured ? 0 : isConstant ? 2 : 1, field.depth, order)
            ranked.append((rank, features(field, role)))
        }
        ranked.sort { $0.rank < $1.rank }
        var chosen: [Feature] = []
        for candidate in ranked where chosen.count + candidate.features.count <= Self.maximumFeatures {
            chosen += candidate.features
        }
        guard !chosen.isEmpty else { return [] }
        if hasLevels { chosen.append(.severity) }
        if isPeriodic { chosen.append(.gap) }
        return chosen
    }

    /// Features of the fields whose meaning is known, in their order.
    func measuredFeatures() -> [Feature] {
        series.flatMap { field -> [Feature] in
            guard let role = FieldRole(field.path, values: field.values), role.isMeasured else { return [] }
            return features(field, role)
        }
    }

    private func features(_ field: Series, _ role: FieldRole) -> [Feature] {
        if role != .status, isCounter(field.values) {
            return [Feature(name: field.path, source: .field(field.path), transform: .difference)]
        }
        switch role {
        case .status: return Feature.statusClasses(of: field.path)
        case .duration(let unit, let scale): return [.duration(field.path, unit: unit, scale: scale)]
        case .size: return [.size(field.path, unit: "B")]
        case .other: return [Feature(name: field.path, source: .field(field.path), transform: .identity)]
        }
    }

    /// Whole numbers that never fall and do rise.
    private func isCounter(_ values: [Double]) -> Bool {
        guard values.count >= Self.minimumEvidence, let first = values.first, let last = values.last else {
            return false
        }
        return last > first && values.allSatisfy { $0 == $0.rounded() }
            && zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }
    }

    /// Whether records come at a beat, as metrics do: then a missing one is news.
    private var isPeriodic: Bool {
        guard timestamps.count >= Self.minimumEvidence else { return false }
        let gaps = zip(timestamps, timestamps.dropFirst()).map {
            $1.subtractingReportingOverflow($0).partialValue
        }
        let sorted = gaps.sorted()
        let median = sorted[sorted.count / 2]
        // One gap in ten may be off the beat.
        let late = sorted[sorted.count - 1 - sorted.count / 10]
        return median > 0 && sorted[sorted.count / 10] >= median / 2 && late / 2 <= median
    }
}
