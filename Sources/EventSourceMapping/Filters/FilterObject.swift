import JSONText

/// An object of a pattern: all its clauses must hold.
struct FilterObject: Sendable, Hashable {
    indirect enum Clause: Sendable, Hashable {
        /// A field's value, of which one rule must hold.
        case leaf(String, [FilterRule])
        /// Fields of a field.
        case fields(String, FilterObject)
        /// `$or`: one of them must hold.
        case alternatives([FilterObject])
    }

    var clauses: [Clause]

    /// - Parameter root: what the paths of rules begin at.
    func matches(_ value: JSONValue, in root: JSONValue) -> Bool {
        switch value {
        case .object(let members): matches(members, in: root)
        case .array(let elements) where elements.contains(where: \.hasFields):
            // All clauses by one and the same element.
            elements.contains { $0.hasFields && matches($0, in: root) }
        default: matches([:], in: root)
        }
    }

    private func matches(_ members: [String: JSONValue], in root: JSONValue) -> Bool {
        clauses.allSatisfy { clause in
            switch clause {
            case .leaf(let name, let rules):
                rules.contains { rule in
                    if case .absent(let path) = rule { return !root.hasLeaf(at: path[...]) }
                    return members[name].map { $0.hasLeaf(where: rule.matches) } ?? false
                }
            case .fields(let name, let object): object.matches(members[name] ?? .null, in: root)
            case .alternatives(let objects): objects.contains { $0.matches(members, in: root) }
            }
        }
    }
}

extension JSONValue {
    fileprivate var hasFields: Bool {
        switch self {
        case .object, .array: true
        default: false
        }
    }

    /// Whether the value, or of an array some element, is a leaf of which this is true. Objects are none.
    fileprivate func hasLeaf(where isMatch: (JSONValue) -> Bool) -> Bool {
        switch self {
        case .object: false
        case .array(let elements): elements.contains { $0.hasLeaf(where: isMatch) }
        default: isMatch(self)
        }
    }

    /// Whether there is a leaf at the path, in any element of arrays on the way.
    fileprivate func hasLeaf(at path: ArraySlice<String>) -> Bool {
        guard let name = path.first else { return hasLeaf { _ in true } }
        switch self {
        case .object(let members): return members[name].map { $0.hasLeaf(at: path.dropFirst()) } ?? false
        case .array(let elements): return elements.contains { $0.hasLeaf(at: path) }
        default: return false
        }
    }
}
