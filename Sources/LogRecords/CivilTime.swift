/// Dates of the Gregorian calendar to nanoseconds since 1970, without a clock or a time zone database.
enum CivilTime {
    /// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
    @inline(__always)
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year &- 1 : year
        let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
        let yearOfEra = shifted &- era &* 400
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }

    /// The years whose every instant fits nanoseconds in 64 bits.
    static let years = 1678...2261
}

/// Gives a year to times that state none, as in syslog (RFC 3164).
///
/// The first time is of the reference year. A step back by half a year or more, as from December to
/// January, begins the next year; such a step forward, as from January to December, is a late line
/// of the year before and changes nothing.
struct YearCarry: Sendable, Hashable {
    var year: Int
    /// The month of the last time; 0 before the first.
    var month = 0

    mutating func year(forMonth next: Int) -> Int {
        guard month != 0 else {
            month = next
            return year
        }
        let step = next - month
        if step >= 6 { return year - 1 }
        if step <= -6 { year += 1 }
        month = next
        return year
    }
}
