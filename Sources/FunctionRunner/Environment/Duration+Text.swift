extension Duration {
    enum Unit: Double {
        case seconds = 1
        case milliseconds = 1_000
    }

    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// With so many decimals, as Lambda's lines have it: `12.34`.
    func text(decimals: Int, unit: Unit) -> String {
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let value = Int((seconds * unit.rawValue * Double(scale)).rounded())
        guard decimals > 0 else { return "\(value)" }
        let fraction = String(abs(value) % scale)
        let zeros = String(repeating: "0", count: max(0, decimals - fraction.utf8.count))
        return "\(value / scale).\(zeros)\(fraction)"
    }

    /// Rounded up.
    var wholeMilliseconds: Int { Int((seconds * 1_000).rounded(.up)) }
}
