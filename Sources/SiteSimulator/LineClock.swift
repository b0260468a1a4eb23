/// Times as a log writes them, in UTC. The text is made once a second, the milliseconds put into it.
struct LineClock: Sendable {
    private let format: SiteConfiguration.Format
    private var second = Int64.min
    private var bytes: [UInt8] = []
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    init(format: SiteConfiguration.Format) {
        self.format = format
    }

    /// `01/Sep/2026:10:00:00 +0000`, or `2026-09-01T10:00:00.000Z` in JSON.
    mutating func text(of milliseconds: Int64) -> [UInt8] {
        let second = Self.floorDivide(milliseconds, 1000)
        if second != self.second {
            self.second = second
            makeText()
        }
        if format == .json {
            let rest = Int(milliseconds - second * 1000)
            for (index, divisor) in [(20, 100), (21, 10), (22, 1)] {
                bytes[index] = UInt8(truncatingIfNeeded: 48 + rest / divisor % 10)
            }
        }
        return bytes
    }

    private mutating func makeText() {
        let days = Self.floorDivide(second, 86_400)
        let rest = Int(second - days * 86_400)
        let (year, month, day) = Self.date(days: Int(days))
        let time = "\(Self.two(rest / 3600)):\(Self.two(rest / 60 % 60)):\(Self.two(rest % 60))"
        switch format {
        case .combined: bytes = Array("\(Self.two(day))/\(Self.months[month - 1])/\(year):\(time) +0000".utf8)
        case .json: bytes = Array("\(year)-\(Self.two(month))-\(Self.two(day))T\(time).000Z".utf8)
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }

    /// The civil date of a day counted from the 1st of January 1970 (Hinnant, "chrono-compatible low-level date
    /// algorithms"): years begin in March, so that the leap day is a year's last.
    private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
