/// What a numeric field means, judged by its name and first values.
enum FieldRole: Equatable {
    /// An HTTP status.
    case status
    /// A time taken: its unit and the smallest value worth telling from 0.
    case duration(unit: String, scale: Double)
    /// Bytes.
    case size
    /// Some other quantity.
    case other

    var isMeasured: Bool { self != .other }

    /// Nil for numbers that measure nothing: identifiers, ports, points in time.
    init?(_ path: String, values: [Double]) {
        let words = Self.words(of: path)
        let last = words.last ?? ""
        if !words.isDisjoint(with: Self.statusWords), values.allSatisfy(Self.isStatus) {
            self = .status
        } else if Self.isInstant(words, values) || words.contains(where: Self.identifierWords.contains) {
            return nil
        } else if let (unit, scale) = Self.durationUnits[last] {
            self = .duration(unit: unit, scale: scale)
        } else if !words.isDisjoint(with: Self.durationWords) {
            // Without a unit in the name: fractions are seconds, whole numbers milliseconds.
            let isFraction = values.contains { $0 != $0.rounded() }
            self = .duration(unit: isFraction ? "s" : "", scale: isFraction ? 0.001 : 1)
        } else if !words.isDisjoint(with: Self.sizeWords) {
            self = .size
        } else {
            self = .other
        }
    }

    private static let statusWords: [String] = ["status", "code"]
    private static let sizeWords: [String] = ["bytes", "size", "len", "length", "sent", "received"]
    private static let durationWords: [String] = [
        "duration", "latency", "elapsed", "took", "time", "delay", "wait", "runtime", "taken",
    ]
    private static let durationUnits: [String: (unit: String, scale: Double)] = [
        "s": ("s", 0.001), "sec": ("s", 0.001), "secs": ("s", 0.001), "seconds": ("s", 0.001),
        "ms": ("ms", 1), "msec": ("ms", 1), "msecs": ("ms", 1), "millis": ("ms", 1),
        "milliseconds": ("ms", 1),
        "us": ("µs", 1_000), "usec": ("µs", 1_000), "micros": ("µs", 1_000), "microseconds": ("µs", 1_000),
        "ns": ("ns", 1_000_000), "nanos": ("ns", 1_000_000), "nanoseconds": ("ns", 1_000_000),
    ]
    private static let identifierWords: Set<String> = [
        "id", "pid", "tid", "uid", "gid", "port", "version", "generation", "line", "seq", "sequence", "trace",
        "span", "thread", "process", "v", "level", "severity", "priority", "facility", "offset", "index",
        "lineno",
    ]
    private static let instantWords: [String] = [
        "time", "timestamp", "ts", "t", "date", "at", "start", "started", "end", "ended", "epoch", "selected",
    ]

    private static func isStatus(_ value: Double) -> Bool {
        value >= 100 && value < 600 && value == value.rounded()
    }

    /// A point in time: named so, or of its magnitude (2001 to 2286 in seconds, or finer).
    private static func isInstant(_ words: [String], _ values: [Double]) -> Bool {
        let isEpoch = values.allSatisfy { value in
            [1e9, 1e12, 1e15, 1e18].contains { value >= $0 && value < $0 * 10 }
        }
        return isEpoch
            && words.contains { instantWords.contains($0) || $0.hasSuffix("time") || $0.hasSuffix("start") }
    }

    /// The words of a path's last key, lower case: `upstream.responseTimeMs` gives
    /// response, time, ms.
    static func words(of path: String) -> [String] {
        let key = path.split(separator: ".").last ?? ""
        var words: [String] = []
        var word = ""
        var wasLower = false
        for character in key {
            let startsWord = character.isUppercase && wasLower
            if startsWord || !(character.isLetter || character.isNumber) {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if character.isLetter || character.isNumber { word += character.lowercased() }
            wasLower = character.isLowercase || character.isNumber
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}

extension [String] {
    fileprivate func isDisjoint(with others: [String]) -> Bool {
        !contains { others.contains($0) }
    }
}
