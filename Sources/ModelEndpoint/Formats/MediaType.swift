/// A media type with its parameters, `text/csv; label_size=0` (RFC 9110, section 8.3.1).
struct MediaType: Sendable, Hashable {
    /// In lower case: `text/csv`, or with wildcards `text/*`.
    var name: String
    /// Names in lower case; values as they are, without quotation marks.
    var parameters: [String: String]

    init(_ text: Substring) {
        var parts = text.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        name = parts.removeFirst().lowercased()
        parameters = [:]
        for part in parts {
            let pair = part.split(separator: "=", maxSplits: 1).map(Self.trimmed)
            guard pair.count == 2 else { continue }
            var value = pair[1]
            if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
                value = value.dropFirst().dropLast()
            }
            parameters[pair[0].lowercased()] = String(value)
        }
    }

    /// Whether a client that accepts this takes `other`, which has no wildcard.
    func covers(_ other: String) -> Bool {
        if name == "*/*" || name == other { return true }
        return name.hasSuffix("/*") && other.hasPrefix(name.dropLast())
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
