import Foundation
import SeededNumbers

/// A kind of odd line, made from an ordinary line of the same log.
enum Oddity: String {
    /// A request that took 100 times as long.
    case slow
    /// An answer, or a growth of a counter, of 69 MB.
    case huge
    /// One of a burst of server errors, or of error lines.
    case error
    /// A line that comes 30 s late, and all later ones with it.
    case gap
    /// A line of 5 kB.
    case long
}

/// Lines with ten odd ones planted by seed, behind the first 300, which warm the
/// model up. The kinds are dealt out in turn; errors stand together, as a burst.
struct PlantedLog {
    private(set) var lines: [String]
    private(set) var planted: [Int: Oddity] = [:]

    static let count = 10

    /// - Parameter plant: makes the line at the index odd; false where that line cannot be.
    init(
        _ lines: [String],
        seed: UInt64,
        kinds: [Oddity],
        plant: (inout [String], Int, Oddity) -> Bool
    ) {
        self.lines = lines
        var random = SeededGenerator(seed: seed)
        let places = 300..<lines.count - 40
        var burst = Int.random(in: places, using: &random)
        for index in 0..<Self.count {
            let kind = kinds[index % kinds.count]
            var place = kind == .error ? burst : Int.random(in: places, using: &random)
            while planted[place] != nil || !plant(&self.lines, place, kind) { place += 1 }
            planted[place] = kind
            if kind == .error { burst = place + 1 }
        }
    }
}

// MARK: - Making lines odd

extension [String] {
    /// Replaces what the first match of `pattern` captures; false without a match.
    mutating func replace(_ index: Int, _ pattern: String, _ replacement: (String) -> String) -> Bool {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return false }
        let line = self[index]
        let whole = NSRange(line.startIndex..., in: line)
        guard let match = expression.firstMatch(in: line, range: whole),
            let range = Range(match.range(at: 1), in: line)
        else { return false }
        self[index] = line.replacingCharacters(in: range, with: replacement(String(line[range])))
        return true
    }

    /// Pads a line to 5 kB with words that hold no numbers.
    mutating func lengthen(_ index: Int) -> Bool {
        let missing = 5_000 - self[index].utf8.count
        guard missing > 0 else { return false }
        self[index] += " " + String(String(repeating: "lorem ipsum dolor ", count: 300).prefix(missing - 1))
        return true
    }

    /// Adds to the number that `pattern` captures in this line and all later ones.
    mutating func add(_ amount: Int, to pattern: String, from index: Int) -> Bool {
        for later in index..<count {
            guard replace(later, pattern, { String((Int($0) ?? 0) + amount) }) else { return false }
        }
        return true
    }

    /// Moves the log4j time of this line and all later ones by 30 s.
    mutating func delayLog4j(from index: Int) -> Bool {
        let formatter = DateFormatter()
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss,SSS"
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        let pattern = #"^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})\]"#
        guard self[index].range(of: pattern, options: .regularExpression) != nil else { return false }
        for later in index..<count {
            _ = replace(later, pattern) { text in
                formatter.date(from: text).map { formatter.string(from: $0 + 30) } ?? text
            }
        }
        return true
    }
}
