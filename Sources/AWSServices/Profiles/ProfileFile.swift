/// A file of the form that AWS's tools share: sections of `name = value` lines; a name without a value may have
/// indented lines of its own below it.
struct ProfileFile: Hashable {
    struct Section: Hashable {
        var values: [String: String] = [:]
        /// By the name that the lines stand below.
        var nested: [String: [String: String]] = [:]
    }

    /// By what stands between the brackets, with single spaces: `default`, `profile dev`, `services here`.
    private(set) var sections: [String: Section] = [:]

    /// Lines that are none of these are left out, as AWS's tools do.
    init(_ text: String) {
        var section: String?
        var parent: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmed
            guard let first = trimmed.first, first != "#", first != ";" else { continue }
            if first == "[" {
                section = trimmed.firstIndex(of: "]").map { Self.name(trimmed[..<$0].dropFirst()) }
                if let section { sections[section, default: Section()].values.merge([:]) { old, _ in old } }
                parent = nil
                continue
            }
            guard let section, let equals = trimmed.firstIndex(of: "=") else { continue }
            let name = String(trimmed[..<equals].trimmed).lowercased()
            let value = String(trimmed[trimmed.index(after: equals)...].trimmed)
            if line.first?.isWhitespace ?? false, let parent {
                sections[section]?.nested[parent, default: [:]][name] = value
            } else {
                sections[section]?.values[name] = value
                parent = value.isEmpty ? name : nil
            }
        }
    }

    /// `profile "a b"` names the profile `a b`.
    private static func name(_ header: Substring) -> String {
        let words = header.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.filter { $0 != "\"" && $0 != "'" }
    }
}

extension Substring {
    /// Without white space at either end.
    var trimmed: Substring {
        var rest = self
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
