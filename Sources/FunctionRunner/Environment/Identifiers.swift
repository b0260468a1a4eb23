import Telemetry

/// Names that Lambda makes up.
enum Identifiers {
    /// A trace of AWS X-Ray's that is not sampled.
    ///
    /// - Parameter now: milliseconds since 1970.
    static func traceID(at now: Int64) -> String {
        var generator = SystemRandomNumberGenerator()
        let root = hexadecimal(generator.next(), 16) + hexadecimal(generator.next() & 0xffff_ffff, 8)
        let seconds = hexadecimal(UInt64(max(0, now / 1_000)), 8)
        return "Root=1-\(seconds)-\(root);Parent=\(hexadecimal(generator.next(), 16));Sampled=0"
    }

    /// `2026/01/31/[$LATEST]0123456789abcdef0123456789abcdef`
    ///
    /// - Parameter now: milliseconds since 1970.
    static func logStream(version: String, at now: Int64) -> String {
        var generator = SystemRandomNumberGenerator()
        let day = timestampText(milliseconds: now).prefix(10).replacing("-", with: "/")
        return "\(day)/[\(version)]" + hexadecimal(generator.next(), 16) + hexadecimal(generator.next(), 16)
    }

    private static func hexadecimal(_ value: UInt64, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
