/// Numbers as people read them.
enum NumberText {
    /// Four significant digits, without trailing zeros: `0.2478`, `1893`, `6.92e+07`.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "\(value)" }
        guard value != 0 else { return "0" }
        let magnitude = abs(value)
        if magnitude >= 1e15 || magnitude < 1e-6 { return scientific(value) }
        var digits = 0
        var bound = 1_000.0
        while magnitude < bound, digits < 9 {
            digits += 1
            bound /= 10
        }
        return fixed(value, digits: digits)
    }

    /// `digits` decimals at most, trailing zeros dropped.
    static func fixed(_ value: Double, digits: Int) -> String {
        let scale = power(digits)
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e18 else { return scientific(value) }
        let whole = Int64(scaled) / Int64(scale)
        var fraction = String(Int64(scaled) % Int64(scale))
        fraction = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return fraction.isEmpty || digits == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
    }

    /// `digits` decimals exactly, so that columns line up.
    static func padded(_ value: Double, digits: Int) -> String {
        let text = fixed(value, digits: digits)
        guard let point = text.firstIndex(of: ".") else {
            return digits == 0 ? text : text + "." + String(repeating: "0", count: digits)
        }
        let present = text.distance(from: point, to: text.endIndex) - 1
        return text + String(repeating: "0", count: digits - present)
    }

    /// With its unit: `69.2 MB`, `250 ms`, `1.5 min`.
    static func quantity(_ value: Double, unit: String) -> String {
        switch unit {
        case "B": scaled(value, [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")], base: "B")
        case "s": duration(value)
        case "ms": duration(value / 1e3)
        case "µs": duration(value / 1e6)
        case "ns": duration(value / 1e9)
        case "": short(value)
        default: short(value) + " " + unit
        }
    }

    private static func duration(_ seconds: Double) -> String {
        switch abs(seconds) {
        case 0: "0 s"
        case 86_400...: short(seconds / 86_400) + " d"
        case 3_600...: short(seconds / 3_600) + " h"
        case 60...: short(seconds / 60) + " min"
        case 1...: short(seconds) + " s"
        case 1e-3...: short(seconds * 1e3) + " ms"
        default: short(seconds * 1e6) + " µs"
        }
    }

    private static func scaled(_ value: Double, _ units: [(Double, String)], base: String) -> String {
        for (size, unit) in units where abs(value) >= size { return short(value / size) + " " + unit }
        return short(value.rounded()) + " " + base
    }

    private static func scientific(_ value: Double) -> String {
        var exponent = 0
        var mantissa = abs(value)
        while mantissa >= 10 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 1 {
            mantissa *= 10
            exponent -= 1
        }
        return (value < 0 ? "-" : "") + fixed(mantissa, digits: 3) + "e\(exponent)"
    }

    private static func power(_ digits: Int) -> Double {
        (0..<digits).reduce(1) { power, _ in power * 10 }
    }
}
