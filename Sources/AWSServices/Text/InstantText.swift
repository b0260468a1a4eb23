/// Instants as services write them, in milliseconds since 1970, UTC.
enum InstantText {
    /// `Wed, 21 Oct 2015 07:28:00 GMT` (RFC 9110, section 5.6.7); nil for anything else.
    static func httpDate(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", let day = Int64(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int64(parts[3]),
            let time = time(parts[4])
        else { return nil }
        return milliseconds(year, Int64(month + 1), day, time)
    }

    /// `2015-10-21T07:28:00Z`, with a fraction and with an offset from UTC too (RFC 3339); nil for anything else.
    static func rfc3339(_ text: String) -> Int64? {
        let halves = text.split(separator: "T", maxSplits: 1)
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-").compactMap { Int64($0) }
        let clock = halves[1].prefix { $0.isNumber || $0 == ":" || $0 == "." }
        guard date.count == 3, let time = time(clock), let offset = offset(halves[1][clock.endIndex...])
        else { return nil }
        return milliseconds(date[0], date[1], date[2], time).map { $0 - offset }
    }

    /// `Z`, `UTC`, `+01:00`
    private static func offset(_ text: Substring) -> Int64? {
        if text == "Z" || text == "UTC" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 4, let value = Int64(digits) else { return nil }
        return (value / 100 * 60 + value % 100) * 60_000 * (sign == "-" ? -1 : 1)
    }

    /// `07:28:00.5`, in milliseconds.
    private static func time(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let hour = Int64(parts[0]), let minute = Int64(parts[1]),
            let second = Double(parts[2]), (0..<24).contains(hour), (0..<60).contains(minute),
            (0..<61).contains(second)
        else { return nil }
        return (hour * 60 + minute) * 60_000 + Int64(second * 1000)
    }

    /// The day number by Howard Hinnant's `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>).
    private static func milliseconds(_ year: Int64, _ month: Int64, _ day: Int64, _ time: Int64) -> Int64? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400_000 + time
    }
}
