/// Finds the form of lines that nothing wraps.
struct BodyDetection {
    let lines: [[UInt8]]

    func detect() -> LogFormat.Body {
        if reads(.json) { return .json }
        if let body = directives() { return body }
        if readsAccess(AccessLayout()) {
            return .access(AccessLayout(extras: AccessExtras(lines: lines, hasVirtualHost: false).names()))
        }
        if readsAccess(AccessLayout(hasVirtualHost: true)) {
            let extras = AccessExtras(lines: lines, hasVirtualHost: true).names()
            return .access(AccessLayout(extras: extras, hasVirtualHost: true))
        }
        for preset in DelimitedPreset.all where isPreset(preset) { return .delimited(preset.layout) }
        if isLogfmt() { return .logfmt }
        if let table = table() { return table }
        if isHAProxy() { return .haproxy }
        return hasMeasures() ? .keyValue : .text
    }

    /// Whether most lines parse as `body`, with at least `minimumFields` fields.
    private func reads(_ body: LogFormat.Body, minimumFields: Int = 1) -> Bool {
        var parser = LogParser(format: LogFormat(body))
        var record = ParsedRecord(maximumFields: 256)
        var count = 0
        var skipped = 0
        for line in lines {
            switch parser.parse(line, into: &record) {
            case .record where record.fieldCount >= minimumFields: count += 1
            case .skipped: skipped += 1
            case .record, .failed: break
            }
        }
        return LogFormat.isMost(count, of: lines.count - skipped)
    }

    /// Whether most lines are an access log's. The parser lets a user's name hold blanks; what comes with
    /// an identity as well is rather a line with more in front.
    private func readsAccess(_ layout: AccessLayout) -> Bool {
        var parser = LogParser(format: LogFormat(.access(layout)))
        var record = ParsedRecord(maximumFields: 64)
        var user = FieldReference("user")
        var ident = FieldReference("ident")
        var count = 0
        for line in lines {
            guard case .record = parser.parse(line, into: &record) else { continue }
            if record.string(&ident) == nil || record.string(&user)?.contains(" ") != true { count += 1 }
        }
        return LogFormat.isMost(count, of: lines.count)
    }

    /// Whether most lines begin with a pair and hold more pairs than bare words, two at least.
    private func isLogfmt() -> Bool {
        var parser = LogParser(format: .logfmt)
        var record = ParsedRecord(maximumFields: 256)
        var count = 0
        for line in lines {
            guard case .record = parser.parse(line, into: &record) else { continue }
            let isBare = (0..<record.fieldCount).map { record[field: $0].isBareWord }
            let bare = isBare.count { $0 }
            if !isBare[0], isBare.count - bare >= 2, bare * 2 < isBare.count { count += 1 }
        }
        return LogFormat.isMost(count, of: lines.count)
    }

    /// `#Fields:` (W3C) or `#fields` (Zeek) near the top.
    private func directives() -> LogFormat.Body? {
        for line in lines {
            if line.starts(with: Array("#Fields:".utf8)) {
                return .delimited(DelimitedLayout(.w3c, columns: fields(line, " ")))
            }
            if line.starts(with: Array("#fields\t".utf8)) {
                return .delimited(DelimitedLayout(.zeek, columns: fields(line, "\t")))
            }
        }
        return nil
    }

    private func fields(_ line: [UInt8], _ separator: Character) -> [String] {
        let words = String(decoding: line, as: UTF8.self).split(separator: separator).map(String.init)
        return Array(words.dropFirst().prefix(LogParser.maximumColumns))
    }

    /// Whether most lines have a time, and numbers and words where the preset's layout puts them.
    private func isPreset(_ preset: DelimitedPreset) -> Bool {
        var parser = LogParser(format: LogFormat(.delimited(preset.layout)))
        var record = ParsedRecord(maximumFields: 64)
        var numbers = preset.numbers.map { FieldReference($0) }
        var count = 0
        var headers = 0
        for line in lines {
            let outcome = parser.parse(line, into: &record)
            if case .skipped = outcome { headers += 1 }
            guard case .record = outcome, record.timestamp != nil,
                numbers.indices.allSatisfy({ record.number(&numbers[$0]) != nil })
            else { continue }
            if let words = preset.words {
                var reference = FieldReference(words.column)
                guard let word = record.string(&reference), words.values.contains(word) else { continue }
            }
            count += 1
        }
        return LogFormat.isMost(count, of: lines.count - headers)
    }

    /// CSV, TSV or semicolons with a header line: names first, then lines of as many cells with numbers.
    private func table() -> LogFormat.Body? {
        guard lines.count >= 2 else { return nil }
        for dialect in [DelimitedLayout.Dialect.csv, .tsv, .semicolons] {
            guard let names = header(dialect), names.count >= 2 else { continue }
            var parser = LogParser(format: LogFormat(.delimited(DelimitedLayout(dialect, columns: names))))
            var record = ParsedRecord(maximumFields: LogParser.maximumColumns)
            var count = 0
            for line in lines.dropFirst() {
                guard case .record = parser.parse(line, into: &record) else { continue }
                if (0..<record.fieldCount).contains(where: { record[field: $0].kind == .number }) {
                    count += 1
                }
            }
            if LogFormat.isMost(count, of: lines.count - 1) {
                return .delimited(DelimitedLayout(dialect, columns: names))
            }
        }
        return nil
    }

    /// The first line's cells if they can be names: distinct, short, none a number or a time.
    private func header(_ dialect: DelimitedLayout.Dialect) -> [String]? {
        guard var first = lines.first, first.count <= 16_384 else { return nil }
        first.append(contentsOf: repeatElement(0, count: PaddedBytes.padding))
        let names = first.withUnsafeBufferPointer { bytes -> [String] in
            guard let base = bytes.baseAddress else { return [] }
            let text = PaddedBytes(base: base, count: bytes.count - PaddedBytes.padding)
            return LogParser.headerNames(text, dialect, from: 0)
        }
        guard Set(names).count == names.count, names.count <= LogParser.maximumColumns else { return nil }
        for name in names {
            guard let byte = name.utf8.first, !byte.isDigit, byte != UInt8(ascii: "["), name.utf8.count <= 64
            else {
                return nil
            }
        }
        return names
    }

    /// Whether at least a quarter of the lines are HAProxy's; its other messages are text.
    private func isHAProxy() -> Bool {
        var parser = LogParser(format: LogFormat(.haproxy))
        var record = ParsedRecord(maximumFields: 64)
        var frontend = FieldReference("frontend")
        var count = 0
        for line in lines {
            guard case .record = parser.parse(line, into: &record) else { continue }
            if let position = record.index(of: &frontend), record[field: position].kind != .null {
                count += 1
            }
        }
        return count > 0 && count * 4 >= lines.count
    }

    /// The names by which OpenStack and its like state what they measure.
    private static let measures: Set<String> = [
        "status", "code", "len", "length", "bytes", "size", "time", "took", "duration", "latency", "elapsed",
        "ms",
        "rt", "response_time", "request_time",
    ]

    /// Whether at least a quarter of the lines hold two numbers by name, one of them a usual measure.
    private func hasMeasures() -> Bool {
        var parser = LogParser(format: .keyValue)
        var record = ParsedRecord(maximumFields: 64)
        var count = 0
        for line in lines {
            guard case .record = parser.parse(line, into: &record) else { continue }
            let pairs = (0..<record.fieldCount).filter {
                record[field: $0].keySource == .text && record[field: $0].kind == .number
            }
            if pairs.count >= 2,
                pairs.contains(where: { Self.measures.contains(record.key(at: $0).lowercased()) })
            {
                count += 1
            }
        }
        return count > 0 && count * 4 >= lines.count
    }
}
