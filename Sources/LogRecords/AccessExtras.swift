/// Names the fields that stand behind the agent of an access log, by what they look like.
///
/// The first number with a point is the request's time in seconds, the second one the upstream's;
/// quoted addresses are `forwarded_for`, `host:port` is `upstream`, a single word `service`, and what
/// remains `extra_1`, `extra_2`, … by position. ingress-nginx's default format is known as such.
struct AccessExtras {
    let lines: [[UInt8]]
    let hasVirtualHost: Bool

    private enum Look: Hashable {
        case decimal
        case integer
        case quoted
        case addresses
        case bracketed
        case hostAndPort
        case word
        case absent
        case other
    }

    func names() -> [String] {
        var looks: [[Look]] = []
        // More extras than any known format has, so that all cells of a line are seen.
        let probe = AccessLayout(extras: (1...16).map { "extra_\($0)" }, hasVirtualHost: hasVirtualHost)
        var parser = LogParser(format: LogFormat(.access(probe)))
        var record = ParsedRecord(maximumFields: 64)
        for line in lines {
            guard case .record = parser.parse(line, into: &record) else { continue }
            looks.append(self.looks(of: record))
        }
        // Most lines' number of extras; the larger of two equally frequent ones.
        var frequency: [Int: Int] = [:]
        for row in looks { frequency[row.count, default: 0] += 1 }
        let width = frequency.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
        let rows = looks.filter { $0.count == width }
        return name((0..<width).map { column in typical(rows.map { $0[column] }) })
    }

    /// The look that most cells of a column have; a column that is mostly absent shows by the others.
    private func typical(_ column: [Look]) -> Look {
        var frequency: [Look: Int] = [:]
        for look in column where look != .absent { frequency[look, default: 0] += 1 }
        // A time such as `0` or `12` without a point among ones with a point is still a time.
        if let decimals = frequency[.decimal], decimals > 0, let integers = frequency[.integer] {
            return decimals * 2 >= integers ? .decimal : .integer
        }
        let best = frequency.values.max() ?? 0
        let order: [Look] = [
            .decimal, .integer, .addresses, .hostAndPort, .bracketed, .quoted, .word, .other,
        ]
        return order.first { frequency[$0] == best && best > 0 } ?? .absent
    }

    private func name(_ looks: [Look]) -> [String] {
        if looks.count == 9, looks[0] == .integer, looks[1] == .decimal, looks[2] == .bracketed {
            return AccessLayout.ingressNginx.extras
        }
        let times = ["request_time", "upstream_response_time"]
        var used: Set<String> = []
        return looks.enumerated().map { index, look in
            let candidates: [String] =
                switch look {
                case .decimal: times
                case .addresses: ["forwarded_for"]
                case .hostAndPort: ["upstream"]
                case .word: ["service"]
                default: []
                }
            let name = candidates.first { !used.contains($0) } ?? "extra_\(index + 1)"
            used.insert(name)
            return name
        }
    }

    /// How each cell behind the agent looks; the line's last absent cells are not there at all.
    private func looks(of record: ParsedRecord) -> [Look] {
        var looks: [Look] = []
        let first = AccessLayout.fixedKeys.count
        for position in first..<min(first + 16, record.fieldCount) {
            let field = record[field: position]
            if field.kind == .null, field.range.lowerBound >= record.textCount { break }
            looks.append(look(of: field, in: record))
        }
        return looks
    }

    private func look(of field: Field, in record: ParsedRecord) -> Look {
        record.withPaddedText { text in
            let range = field.range
            switch field.kind {
            case .null: return .absent
            case .number: return range.contains { text[$0] == UInt8(ascii: ".") } ? .decimal : .integer
            default: break
            }
            let before = range.lowerBound > 0 ? text[range.lowerBound - 1] : 0
            if before == UInt8(ascii: "[") { return .bracketed }
            let isAddress = range.allSatisfy {
                text[$0].isHexDigit || text[$0] == UInt8(ascii: ".") || text[$0] == UInt8(ascii: ":")
                    || text[$0] == UInt8(ascii: ",") || text[$0] == 0x20
            }
            let hasJoint = range.contains { text[$0] == UInt8(ascii: ".") || text[$0] == UInt8(ascii: ":") }
            if before == UInt8(ascii: "\"") { return isAddress && hasJoint ? .addresses : .quoted }
            if let colon = range.last(where: { text[$0] == UInt8(ascii: ":") }), colon > range.lowerBound,
                colon + 1 < range.upperBound, (colon + 1..<range.upperBound).allSatisfy({ text[$0].isDigit })
            {
                return .hostAndPort
            }
            let isWord = range.allSatisfy {
                text[$0].isLetter || text[$0] == UInt8(ascii: "-") || text[$0] == UInt8(ascii: "_")
            }
            return isWord ? .word : .other
        }
    }
}
