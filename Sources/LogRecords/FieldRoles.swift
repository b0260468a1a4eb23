/// Finds the fields that hold a record's time, level and message by their usual names.
///
/// Names are matched at the top of the record without regard to case, the first of a list winning.
/// What was found is remembered by the record's layout, so records of one layout cost no search.
struct FieldRoles: Sendable {
    private static let timestampNames = names([
        "@timestamp", "timestamp", "time", "ts", "t", "@t", "datetime", "date_time", "eventtime",
        "event_time",
        "time_iso8601", "time_local", "asctime", "start_time", "created_at", "date", "_time", "log_time",
        "__realtime_timestamp", "_source_realtime_timestamp", "created", "when", "at", "start",
    ])
    private static let levelNames = names([
        "level", "log.level", "severity", "loglevel", "log_level", "levelname", "lvl", "@l", "priority",
        "severity_text", "severitytext",
    ])
    private static let messageNames = names(["message", "msg", "@m", "@mt", "body", "event", "log", "text"])

    private static func names(_ names: [String]) -> [[UInt8]] { names.map { Array($0.utf8) } }

    private var shape: UInt64 = 0
    private var timestamp = -1
    private var level = -1
    private var message = -1
    /// The column `time` behind a column `date`, as in W3C logs.
    private var clock = -1

    mutating func assign(to record: inout ParsedRecord, _ carry: inout YearCarry) {
        if record.shape != shape || shape == 0 { learn(record) }
        if timestamp >= 0 { record.timestamp = time(of: record, at: timestamp, &carry) }
        if record.timestamp == nil, timestamp >= 0 {
            record.timestamp = searchTime(record, &carry)
        }
        if level >= 0 { record.level = levelValue(record, at: level) }
        if message >= 0, record[field: message].kind == .string {
            record.message = record[field: message].range
        }
    }

    private mutating func learn(_ record: ParsedRecord) {
        shape = record.shape
        timestamp = Self.find(Self.timestampNames, in: record).first ?? -1
        level = Self.find(Self.levelNames, in: record).first ?? -1
        message = Self.find(Self.messageNames, in: record).first ?? -1
        clock = -1
        let dates = Self.find([Array("date".utf8)], in: record)
        let clocks = Self.find([Array("time".utf8)], in: record)
        if let date = dates.first, let time = clocks.first, time == date + 1 {
            timestamp = date
            clock = time
        }
    }

    /// The top-level fields that bear one of `names`, in the order of `names`.
    private static func find(_ names: [[UInt8]], in record: ParsedRecord) -> [Int] {
        var found: [(rank: Int, position: Int)] = []
        for position in 0..<record.fieldCount where record.fields[position].parentIndex < 0 {
            if let rank = names.firstIndex(where: { record.hasKey($0, at: position) }) {
                found.append((rank, position))
            }
        }
        // Stable by position for equal ranks: the first of two equal keys counts.
        found.sort { ($0.rank, $0.position) < ($1.rank, $1.position) }
        return found.map(\.position)
    }

    /// The first field with a time's name whose value is a time; a `time` of 0.24 is none.
    private func searchTime(_ record: ParsedRecord, _ carry: inout YearCarry) -> Int64? {
        for position in Self.find(Self.timestampNames, in: record) where position != timestamp {
            if let time = time(of: record, at: position, &carry) { return time }
        }
        return nil
    }

    private func time(of record: ParsedRecord, at position: Int, _ carry: inout YearCarry) -> Int64? {
        guard position < record.fieldCount else { return nil }
        var range = record.fields[position].range
        if clock >= 0, position == timestamp, clock < record.fieldCount {
            range = range.lowerBound..<record.fields[clock].range.upperBound
        }
        return record.withPaddedText { text in
            switch record.fields[position].kind {
            case .number, .string:
                if let epoch = EpochTime.nanoseconds(text, range) { return epoch }
                var start = range.lowerBound
                if text[start] == UInt8(ascii: "[") { start += 1 }
                guard let time = CalendarTime.scan(text, at: start, limit: range.upperBound),
                    time.end <= range.upperBound
                else {
                    return nil
                }
                return time.nanoseconds(&carry)
            case .null, .bool, .object, .array:
                return nil
            }
        }
    }

    private func levelValue(_ record: ParsedRecord, at position: Int) -> LogLevel? {
        guard position < record.fieldCount else { return nil }
        if let number = record.number(at: position) { return LogLevel(number: number) }
        let field = record.fields[position]
        guard field.kind == .string else { return nil }
        return record.withPaddedText { LogLevel(word: field.range, in: $0) }
    }
}

extension ParsedRecord {
    /// Whether the key of the field at `position` is `name`, given in lower case.
    func hasKey(_ name: [UInt8], at position: Int) -> Bool {
        let field = fields[position]
        switch field.keySource {
        case .element: return false
        case .table:
            let key = keys.names[Int(field.keyStart)]
            return key.count == name.count && zip(key, name).allSatisfy { $0.lowercased == $1 }
        case .text:
            guard Int(field.keyCount) == name.count else { return false }
            let start = Int(field.keyStart)
            for index in 0..<name.count where storage[start + index].lowercased != name[index] {
                return false
            }
            return true
        }
    }
}
