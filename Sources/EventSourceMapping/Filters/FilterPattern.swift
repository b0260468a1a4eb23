import JSONText

/// One filter of a mapping: a JSON rule in EventBridge's syntax, compiled.
///
/// For Kafka a pattern looks at `value` alone: `{"value": {…}}` at the fields of a JSON value, `{"value": […]}` at a
/// value that is plain text.
///
/// Source: AWS Lambda Developer Guide, "Control which events Lambda sends to your function" and "Filtering events from
/// Amazon MSK and self-managed Apache Kafka event sources"; where these are silent, AWS's open rule engine (event-ruler).
public struct FilterPattern: Sendable, Hashable {
    let root: FilterObject

    /// - Throws: where the text is no such rule, or uses what Lambda does not know for Kafka.
    public init(_ text: String) throws(FilterPatternError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw FilterPatternError("It has more than \(Self.maximumLength) characters")
        }
        root = try FilterParser.parse(text)
    }

    static let maximumLength = 4096

    /// Whether a record with this value passes.
    ///
    /// A value whose form is not the pattern's (text where it wants fields, fields where it wants text) is not looked at
    /// by that part of the pattern, as AWS documents it: the record passes.
    func passes(_ value: FilteredValue) -> Bool {
        root.matchesRecord(value)
    }
}

extension FilterObject {
    /// The pattern's outermost object, whose fields are those of the record.
    fileprivate func matchesRecord(_ value: FilteredValue) -> Bool {
        clauses.allSatisfy { clause in
            switch clause {
            case .alternatives(let objects): objects.contains { $0.matchesRecord(value) }
            case .fields(_, let object):
                switch value {
                case .fields(let json): object.matches(json, in: json)
                case .text, .none, .unreadable: true
                }
            case .leaf(_, let rules):
                switch value {
                case .text(let text): rules.contains { $0.matches(.string(text)) }
                case .none: rules.contains { $0.matches(.null) }
                case .fields, .unreadable: true
                }
            }
        }
    }
}
