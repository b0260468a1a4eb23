/// Header lines and comments of delimited formats.
extension LogParser {
    /// Reads a line that is about the others; nil if it is a record.
    mutating func readDirective(
        _ dialect: DelimitedLayout.Dialect,
        _ record: ParsedRecord,
        from start: Int
    ) -> ParseOutcome.SkipReason? {
        switch dialect {
        case .tokens:
            // VPC flow logs begin with their columns' names.
            return columns.isEmpty || !isHeader(record, from: start) ? nil : .header
        case .w3c, .zeek:
            guard record.storage[start] == UInt8(ascii: "#") else { return nil }
            return readHashLine(dialect, record, from: start)
        case .csv, .semicolons, .tsv:
            let names = record.withPaddedText { Self.headerNames($0, dialect, from: start) }
            if columns.isEmpty {
                learn(names)
                return .header
            }
            // Files one after the other repeat their header.
            return names == columns.map(\.name) ? .header : nil
        }
    }

    private func isHeader(_ record: ParsedRecord, from start: Int) -> Bool {
        record.withPaddedText { text in
            let name = columns[0].name.utf8
            guard text.count - start > name.count, text[start + name.count] == 0x20 else { return false }
            return zip(start..<text.count, name).allSatisfy { text[$0] == $1 }
        }
    }

    /// `#Fields: date time …`, `#fields\tts\t…`, or another directive.
    private mutating func readHashLine(
        _ dialect: DelimitedLayout.Dialect,
        _ record: ParsedRecord,
        from start: Int
    ) -> ParseOutcome.SkipReason {
        let line = record.withText { String(decoding: $0[start...], as: UTF8.self) }
        let separators: Set<Character> = dialect == .zeek ? ["\t"] : [" ", "\t"]
        var words = line.split(whereSeparator: { separators.contains($0) }).map(String.init)
        guard let first = words.first, first == "#Fields:" || first == "#fields" else { return .comment }
        words.removeFirst()
        learn(words)
        return .header
    }

    private mutating func learn(_ names: [String]) {
        let bounded = Array(names.prefix(Self.maximumColumns))
        guard bounded != state.columns else { return }
        state.columns = bounded
        setColumns(bounded)
    }

    mutating func setColumns(_ names: [String]) {
        if case .delimited(let layout) = format.body, layout.dialect == .tokens {
            columns = names.map { Column($0) }
            keys = KeyTable(columns.flatMap { $0.isRequest ? RecordBuilder.requestKeys : [$0.name] })
        } else {
            columns = names.map { Column(literal: $0) }
            keys = KeyTable(columns.map(\.name))
        }
        roles = FieldRoles()
    }

    /// The cells of a CSV or TSV line as names.
    static func headerNames(
        _ text: PaddedBytes,
        _ dialect: DelimitedLayout.Dialect,
        from start: Int
    ) -> [String] {
        let separator = DelimitedLayout(dialect).separator
        var names: [String] = []
        var bytes: [UInt8] = []
        var isQuoted = false
        // A byte order mark is no part of the first name.
        let hasMark = text[start] == 0xef && text[start + 1] == 0xbb && text[start + 2] == 0xbf
        for index in (hasMark ? start + 3 : start)..<text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                names.append(name(bytes))
                bytes.removeAll(keepingCapacity: true)
            } else if byte != 0x20 || !bytes.isEmpty {
                bytes.append(byte)
            }
        }
        names.append(name(bytes))
        return names
    }

    /// Without the blanks at its end.
    private static func name(_ bytes: [UInt8]) -> String {
        let count = (bytes.lastIndex { $0 != 0x20 } ?? -1) + 1
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
