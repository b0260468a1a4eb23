/// Why a line does not fit its format, and where.
public struct LogParseError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case unterminatedString = "unterminated_string"
        case unexpectedByte = "unexpected_byte"
        case unexpectedEnd = "unexpected_end"
        case malformedNumber = "malformed_number"
        case malformedTimestamp = "malformed_timestamp"
        case notAnObject = "not_an_object"
        case nestedTooDeeply = "nested_too_deeply"
        case noKeyValuePair = "no_key_value_pair"
        case wrongColumnCount = "wrong_column_count"
        case malformedContainer = "malformed_container"
        case lineTooLong = "line_too_long"
    }

    public let code: Code
    /// The byte of the line at which the format was left (behind docker's JSON: of the inner line).
    public let offset: Int

    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    /// Parsing the same bytes again gives the same answer.
    public var isRetriable: Bool { false }

    public var message: String { "\(reason) at byte \(offset)" }

    private var reason: String {
        switch code {
        case .unterminatedString: "a quoted text does not end"
        case .unexpectedByte: "a byte that the format does not allow"
        case .unexpectedEnd: "the line ends too early"
        case .malformedNumber: "a malformed number"
        case .malformedTimestamp: "a malformed time"
        case .notAnObject: "not a JSON object"
        case .nestedTooDeeply: "nested deeper than \(LogParser.maximumDepth) levels"
        case .noKeyValuePair: "no key=value pair"
        case .wrongColumnCount: "another number of columns than the header has"
        case .malformedContainer: "the container's prefix is missing or malformed"
        case .lineTooLong: "the line is too long"
        }
    }
}

extension LogParseError: CustomStringConvertible {
    public var description: String { message }
}
