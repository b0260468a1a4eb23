public import LogRecords

/// Reads the lines of one stream into records.
///
/// What a line teaches about later ones (a header, the year of a syslog) is its
/// `state`: a decoder that is given another's state goes on where the other was.
public struct LineDecoder: Sendable {
    private var parser: LogParser

    /// - Parameter referenceYear: the year of the first line, for times without one.
    public init(_ format: LogFormat, referenceYear: Int) {
        parser = LogParser(format: format, referenceYear: referenceYear)
    }

    var state: LogParser.State {
        get { parser.state }
        set { if newValue != parser.state { parser = LogParser(format: parser.format, state: newValue) } }
    }

    mutating func decode(_ line: UnsafeBufferPointer<UInt8>, into record: inout ParsedRecord) -> ParseOutcome
    {
        parser.parse(line, into: &record)
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
