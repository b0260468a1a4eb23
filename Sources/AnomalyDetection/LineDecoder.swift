import LogRecords
public import Patterns

/// Reads the lines of one stream into records.
///
/// What a line teaches about later ones (a header, the year of a syslog) is its
/// `state`: a decoder that is given another's state goes on where the other was.
public struct LineDecoder: Sendable {
    public let format: LineFormat
    // One of the two; not an enumeration, whose payload would be copied for each line.
    private var parser: LogParser?
    private var capture: PatternCapture?

    /// - Parameter referenceYear: the year of the first line, for times without one.
    public init(_ format: LineFormat, referenceYear: Int) throws(PatternError) {
        self.format = format
        switch format {
        case .log(let format): parser = LogParser(format: format, referenceYear: referenceYear)
        case .pattern(let pattern): capture = try PatternCapture(pattern, referenceYear: referenceYear)
        }
    }

    var state: LogParser.State {
        get { parser?.state ?? capture?.fields.state ?? LogParser.State(year: 0) }
        set {
            guard newValue != state else { return }
            parser = parser.map { LogParser(format: $0.format, state: newValue) }
            capture?.resume(newValue)
        }
    }

    /// Reads one line, without its end.
    mutating func decode(
        _ line: UnsafeBufferPointer<UInt8>,
        into record: inout ParsedRecord
    ) -> DecodeOutcome {
        if let outcome = parser?.parse(line, into: &record) { return DecodeOutcome(outcome) }
        return capture?.decode(line, into: &record) ?? .skipped
    }

    /// The records that the first lines of a stream hold.
    func records(in lines: [[UInt8]]) -> [ParsedRecord] {
        var decoder = self
        var records: [ParsedRecord] = []
        for line in lines {
            var record = ParsedRecord()
            let outcome = line.withUnsafeBufferPointer { decoder.decode($0, into: &record) }
            if case .record = outcome { records.append(record) }
        }
        return records
    }
}

/// A user's pattern as a reader of lines: its named groups are the fields.
private struct PatternCapture: Sendable {
    private var matcher: PatternMatcher
    private(set) var fields: CapturedFields

    init(_ pattern: Pattern, referenceYear: Int) throws(PatternError) {
        matcher = try PatternMatcher(pattern)
        fields = CapturedFields(names: pattern.names, referenceYear: referenceYear)
    }

    mutating func resume(_ state: LogParser.State) {
        fields = CapturedFields(names: matcher.pattern.names, state: state)
    }

    mutating func decode(
        _ line: UnsafeBufferPointer<UInt8>,
        into record: inout ParsedRecord
    ) -> DecodeOutcome {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return .skipped }
        do throws(PatternError) {
            guard try matcher.match(line) else { return .failed("the line does not match the pattern") }
        } catch {
            return .failed(error.message)
        }
        return DecodeOutcome(fields.assign(line, to: &record) { matcher.range(ofName: $0) })
    }
}

/// What became of a line.
enum DecodeOutcome {
    case record
    case skipped
    /// The reason names the place.
    case failed(String)

    init(_ outcome: ParseOutcome) {
        switch outcome {
        case .record: self = .record
        case .skipped: self = .skipped
        case .failed(let error): self = .failed(error.message)
        }
    }
}
