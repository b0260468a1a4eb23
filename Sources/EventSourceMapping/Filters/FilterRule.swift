import JSONText

/// What a pattern asks of a value. Strings are compared byte by byte, numbers as numbers.
enum FilterRule: Sendable, Hashable {
    case null
    case boolean(Bool)
    case string(String)
    case number(Double)
    /// In lower case.
    case equalsIgnoringCase(String)
    case prefix(String)
    case suffix(String)
    case numeric(FilterRange)
    case exists
    /// No leaf is at this path of the value.
    case absent(path: [String])
    /// None of these rules holds.
    indirect case anythingBut([FilterRule])

    /// - Parameter leaf: no object and no array.
    func matches(_ leaf: JSONValue) -> Bool {
        switch self {
        case .null: leaf == .null
        case .boolean(let value): leaf.boolean == value
        case .string(let text): leaf.string.map { $0.utf8.elementsEqual(text.utf8) } ?? false
        case .number(let number): leaf.double == number
        case .equalsIgnoringCase(let text):
            leaf.string.map { $0.lowercased().utf8.elementsEqual(text.utf8) } ?? false
        case .prefix(let text): leaf.string.map { $0.utf8.starts(with: text.utf8) } ?? false
        case .suffix(let text):
            leaf.string.map { $0.utf8.reversed().starts(with: text.utf8.reversed()) } ?? false
        case .numeric(let range): leaf.double.map(range.contains) ?? false
        case .exists: true
        case .absent: false
        case .anythingBut(let rules): !rules.contains { $0.matches(leaf) }
        }
    }
}

/// The numbers that a `numeric` rule takes.
struct FilterRange: Sendable, Hashable {
    struct Bound: Sendable, Hashable {
        var number: Double
        var isIncluded: Bool
    }

    var lower: Bound?
    var upper: Bound?

    func contains(_ number: Double) -> Bool {
        let isAbove = lower.map { number > $0.number || ($0.isIncluded && number == $0.number) } ?? true
        let isBelow = upper.map { number < $0.number || ($0.isIncluded && number == $0.number) } ?? true
        return isAbove && isBelow
    }
}
