import JSONText

/// Compiles a pattern.
struct FilterParser {
    /// Names of fields from the value's root to where the parser is; nil outside of the value.
    private var path: [String]?

    static func parse(_ text: String) throws(FilterPatternError) -> FilterObject {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(Array(text.utf8))
        } catch {
            throw FilterPatternError(error.message)
        }
        guard case .object(let members) = json else { throw FilterPatternError("Filter is not an object") }
        var parser = FilterParser()
        return try parser.object(members)
    }

    /// What Kafka's mappings can be filtered by.
    private static let recordField = "value"

    // MARK: Objects

    private mutating func object(
        _ members: [String: JSONValue],
        isAlternative: Bool = false
    ) throws(FilterPatternError) -> FilterObject {
        guard !members.isEmpty else { throw FilterPatternError("Empty objects are not allowed") }
        var clauses: [FilterObject.Clause] = []
        for (name, content) in members.sorted(by: { $0.key < $1.key }) {
            if name == "$or" {
                clauses.append(.alternatives(try alternatives(content)))
            } else {
                clauses.append(try field(name, content, isAlternative: isAlternative))
            }
        }
        return FilterObject(clauses: clauses)
    }

    private mutating func field(
        _ name: String,
        _ content: JSONValue,
        isAlternative: Bool
    ) throws(FilterPatternError) -> FilterObject.Clause {
        if isAlternative, Self.reservedNames.contains(name) {
            throw FilterPatternError("\(name) is a reserved name which cannot be used inside $or")
        }
        guard path != nil || name == Self.recordField else {
            throw FilterPatternError(
                "Kafka event sources support filtering on \"value\" only, not on \"\(name)\""
            )
        }
        let outer = path
        path = outer.map { $0 + [name] } ?? []
        defer { path = outer }
        switch content {
        case .object(let members): return .fields(name, try object(members, isAlternative: isAlternative))
        case .array(let elements): return .leaf(name, try rules(elements))
        default: throw FilterPatternError("\"\(name)\" must be an object or an array")
        }
    }

    private mutating func alternatives(_ content: JSONValue) throws(FilterPatternError) -> [FilterObject] {
        guard let elements = content.array else {
            throw FilterPatternError("It must be an Array followed with $or")
        }
        guard elements.count >= 2 else {
            throw FilterPatternError("There must have at least 2 Objects in $or relationship")
        }
        var objects: [FilterObject] = []
        for element in elements {
            guard let members = element.object else {
                throw FilterPatternError("Only JSON object is allowed in array of $or relationship")
            }
            objects.append(try object(members, isAlternative: true))
        }
        return objects
    }

    /// What would make of `$or` an object of operators.
    private static let reservedNames: Set<String> = [
        "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "numeric", "wildcard", "cidr",
        "exactly",
        "=", "<", "<=", ">", ">=",
    ]

    // MARK: Rules

    private func rules(_ elements: [JSONValue]) throws(FilterPatternError) -> [FilterRule] {
        guard !elements.isEmpty else { throw FilterPatternError("Empty arrays are not allowed") }
        var rules: [FilterRule] = []
        for element in elements { rules.append(try rule(element)) }
        return rules
    }

    private func rule(_ value: JSONValue) throws(FilterPatternError) -> FilterRule {
        switch value {
        case .null: return .null
        case .boolean(let flag): return .boolean(flag)
        case .string(let text): return .string(text)
        case .integer, .double: return .number(value.double ?? 0)
        case .array: throw FilterPatternError("Match value must be String, number, true, false, or null")
        case .object(let members):
            guard let (name, operand) = members.first else {
                throw FilterPatternError("Match expression name not found")
            }
            guard members.count == 1 else {
                throw FilterPatternError("Only one key allowed in match expression")
            }
            return try expression(name, operand)
        }
    }

    private func expression(_ name: String, _ operand: JSONValue) throws(FilterPatternError) -> FilterRule {
        switch name {
        case "prefix": return .prefix(try string(name, operand))
        case "suffix": return .suffix(try string(name, operand))
        case "equals-ignore-case": return .equalsIgnoringCase(try string(name, operand).lowercased())
        case "numeric": return .numeric(try range(operand))
        case "anything-but": return .anythingBut(try exclusions(operand))
        case "exists":
            guard let isThere = operand.boolean else {
                throw FilterPatternError("exists match pattern must be either true or false")
            }
            guard let path, !path.isEmpty || isThere else {
                throw FilterPatternError("The value itself is always there: exists needs a field")
            }
            return isThere ? .exists : .absent(path: path)
        case "wildcard", "cidr", "exactly":
            throw FilterPatternError(
                "Match type \(name) is one of EventBridge's that Lambda's filters do not have"
            )
        default: throw FilterPatternError("Unrecognized match type \(name)")
        }
    }

    private func string(_ name: String, _ operand: JSONValue) throws(FilterPatternError) -> String {
        guard let text = operand.string else {
            throw FilterPatternError("\(name) match pattern must be a string")
        }
        return text
    }

    /// Of `anything-but`: a string, a number, a list of one of them, or a prefix, suffix or text in any case.
    private func exclusions(_ operand: JSONValue) throws(FilterPatternError) -> [FilterRule] {
        switch operand {
        case .string, .integer, .double: return [try rule(operand)]
        case .array(let elements):
            let strings = elements.compactMap(\.string)
            let numbers = elements.compactMap(\.double)
            guard !elements.isEmpty, strings.count == elements.count || numbers.count == elements.count else {
                throw FilterPatternError(
                    "Inside anything but list, either all values are number or string, mixed type is not supported"
                )
            }
            return strings.map { .string($0) } + numbers.map { .number($0) }
        case .object(let members):
            guard members.count == 1, let (name, text) = members.first else {
                throw FilterPatternError("Only one key allowed in match expression")
            }
            guard ["prefix", "suffix", "equals-ignore-case"].contains(name) else {
                throw FilterPatternError("Unsupported anything-but pattern: \(name)")
            }
            let texts = text.array ?? [text]
            guard !texts.isEmpty, texts.allSatisfy({ !($0.string?.isEmpty ?? true) }) else {
                throw FilterPatternError("Null prefix/suffix not allowed")
            }
            var rules: [FilterRule] = []
            for text in texts { rules.append(try expression(name, text)) }
            return rules
        case .null, .boolean:
            throw FilterPatternError("Value of anything-but must be an array or single string/number value")
        }
    }

    /// Of `numeric`: an operator and a number, or a lower and an upper bound.
    private func range(_ operand: JSONValue) throws(FilterPatternError) -> FilterRange {
        guard let terms = operand.array else { throw FilterPatternError("Value of numeric must be an array") }
        guard terms.count == 2 || terms.count == 4 else {
            throw FilterPatternError("Too many or too few elements in numeric expression")
        }
        var range = FilterRange()
        for start in stride(from: 0, to: terms.count, by: 2) {
            guard let comparison = terms[start].string else {
                throw FilterPatternError("Invalid member in numeric match: \(terms[start])")
            }
            guard let number = terms[start + 1].double else {
                throw FilterPatternError("Value of \(comparison) must be numeric")
            }
            switch comparison {
            case "=" where terms.count == 2:
                range = FilterRange(
                    lower: .init(number: number, isIncluded: true),
                    upper: .init(number: number, isIncluded: true)
                )
            case ">" where start == 0, ">=" where start == 0:
                range.lower = .init(number: number, isIncluded: comparison == ">=")
            case "<" where start == terms.count - 2, "<=" where start == terms.count - 2:
                range.upper = .init(number: number, isIncluded: comparison == "<=")
            default: throw FilterPatternError("Unrecognized numeric range operator: \(comparison)")
            }
        }
        if terms.count == 4, let lower = range.lower, let upper = range.upper, lower.number >= upper.number {
            throw FilterPatternError("Bottom must be less than top")
        }
        return range
    }
}
