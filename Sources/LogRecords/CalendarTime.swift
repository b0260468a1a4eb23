/// A time found in a text: the parts of its date, and where it ends.
struct CalendarTime {
    /// 0 where the text states none.
    var year = 0
    var month = 0
    var day = 0
    var hour = 0
    var minute = 0
    var second = 0
    var nanosecond = 0
    /// Seconds east of Greenwich; 0 where the text states no zone.
    var offset = 0
    /// The position behind the time.
    var end = 0
    /// Nanoseconds since 1970 where the text counts them itself.
    var epoch: Int64?

    /// Nanoseconds since 1970, or nil if the year is absent or beyond what 64 bits hold.
    @inline(__always)
    var nanoseconds: Int64? {
        if let epoch { return epoch }
        return nanoseconds(year: year)
    }

    @inline(__always)
    func nanoseconds(year: Int) -> Int64? {
        guard CivilTime.years.contains(year) else { return nil }
        let days = CivilTime.days(year: year, month: month, day: day)
        let seconds = days &* 86_400 &+ hour &* 3600 &+ minute &* 60 &+ second &- offset
        return Int64(seconds) &* 1_000_000_000 &+ Int64(nanosecond)
    }

    /// Nanoseconds since 1970; `carry` gives the year where the text states none.
    func nanoseconds(_ carry: inout YearCarry) -> Int64? {
        if epoch != nil || year != 0 { return nanoseconds }
        return nanoseconds(year: carry.year(forMonth: month))
    }

    var isValid: Bool {
        month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60
    }
}
