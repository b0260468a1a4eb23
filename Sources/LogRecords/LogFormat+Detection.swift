extension LogFormat {
    /// How many lines detection looks at.
    public static let sampleLines = 32

    /// The format that most of `lines` have; text if none fits. Depends on the lines alone.
    ///
    /// Detection parses the lines with each candidate, the more specific ones first. A candidate is
    /// taken if it reads at least three of five lines, so that a banner or a damaged line does no harm.
    public static func detect(lines: [[UInt8]]) -> LogFormat {
        let sample = Array(lines.prefix(sampleLines).filter { line in line.contains { $0 > 0x20 } })
        guard !sample.isEmpty else { return .text }
        for container in [Container.docker, .cri, .dockerCompose] {
            let inner = sample.compactMap { unwrap($0, from: container) }
            if isMost(inner.count, of: sample.count) {
                return LogFormat(BodyDetection(lines: inner).detect(), in: container)
            }
        }
        let body = BodyDetection(lines: sample).detect()
        if body == .text || body == .keyValue, let inner = behindHeader(sample) {
            return LogFormat(inner, in: .header)
        }
        return LogFormat(body)
    }

    /// The form of the messages behind text headers, if it is one that says more than text.
    private static func behindHeader(_ sample: [[UInt8]]) -> Body? {
        let inner = sample.compactMap { unwrap($0, from: .header) }
        guard inner != sample else { return nil }
        switch BodyDetection(lines: inner).detect() {
        case .json: return .json
        case .logfmt: return .logfmt
        case .access(let layout): return .access(layout)
        case .delimited, .haproxy, .keyValue, .text: return nil
        }
    }

    static func isMost(_ count: Int, of total: Int) -> Bool { count > 0 && count * 5 >= total * 3 }

    /// The line within `container`, or nil if it is not wrapped so.
    private static func unwrap(_ line: [UInt8], from container: Container) -> [UInt8]? {
        var record = ParsedRecord(maximumFields: 64)
        line.withUnsafeBufferPointer { record.load($0) }
        let parser = LogParser(format: LogFormat(.text, in: container))
        var carry = YearCarry(year: 2000)
        guard let unwrapped = try? parser.unwrap(&record, &carry) else { return nil }
        return Array(record.storage[unwrapped.start..<max(record.textCount, unwrapped.start)])
    }
}
