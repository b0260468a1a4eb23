/// An element of an XML answer: its elements, or its text. Attributes, comments and processing instructions are left
/// out; there are no document types in what services send, so that none are read.
struct XMLElement: Hashable {
    /// Without the prefix of a namespace.
    let name: String
    fileprivate(set) var children: [XMLElement] = []
    /// All text directly in it.
    fileprivate(set) var text = ""

    /// The first child of this name.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The first element of this name below this one, in the order of the text.
    func firstDescendant(_ name: String) -> XMLElement? {
        for child in children {
            if child.name == name { return child }
            if let found = child.firstDescendant(name) { return found }
        }
        return nil
    }

    /// Reads a whole document. Nil where it is not well formed, or deeper than 64 elements.
    init?(_ bytes: [UInt8]) {
        var reader = XMLReader(String(decoding: bytes, as: UTF8.self))
        guard let root = reader.read() else { return nil }
        self = root
    }

    fileprivate init(name: String) {
        self.name = name
    }
}

private struct XMLReader {
    private var rest: Substring
    private var open: [XMLElement] = []

    init(_ text: String) {
        rest = text[...]
    }

    mutating func read() -> XMLElement? {
        while let start = rest.firstIndex(of: "<") {
            guard let text = Self.unescaped(rest[..<start]) else { return nil }
            append(text)
            rest = rest[start...]
            if rest.hasPrefix("<![CDATA[") {
                guard let end = rest.firstRange(of: "]]>") else { return nil }
                append(String(rest[..<end.lowerBound].dropFirst(9)))
                rest = rest[end.upperBound...]
            } else if rest.hasPrefix("<!--") {
                guard skip(to: "-->") else { return nil }
            } else if rest.hasPrefix("<?") {
                guard skip(to: "?>") else { return nil }
            } else if rest.hasPrefix("<!") {
                return nil
            } else {
                guard let end = endOfTag() else { return nil }
                let tag = rest[..<end].dropFirst()
                rest = rest[rest.index(after: end)...]
                switch take(tag) {
                case .goesOn: break
                case .ended(let root): return rest.allSatisfy(\.isWhitespace) ? root : nil
                case .malformed: return nil
                }
            }
        }
        return nil
    }

    private enum Step {
        case goesOn
        case ended(XMLElement)
        case malformed
    }

    private mutating func take(_ tag: Substring) -> Step {
        if tag.first == "/" {
            let name = Self.localName(tag.dropFirst())
            guard let element = open.popLast(), element.name == name else { return .malformed }
            return close(element)
        }
        let name = Self.localName(tag)
        guard !name.isEmpty, open.count < 64 else { return .malformed }
        if tag.last == "/" { return close(XMLElement(name: name)) }
        open.append(XMLElement(name: name))
        return .goesOn
    }

    private mutating func close(_ element: XMLElement) -> Step {
        guard !open.isEmpty else { return .ended(element) }
        open[open.count - 1].children.append(element)
        return .goesOn
    }

    private mutating func append(_ text: String) {
        if !open.isEmpty { open[open.count - 1].text += text }
    }

    private mutating func skip(to mark: String) -> Bool {
        guard let end = rest.firstRange(of: mark) else { return false }
        rest = rest[end.upperBound...]
        return true
    }

    /// The closing bracket of the tag at the beginning: none inside an attribute's value.
    private func endOfTag() -> Substring.Index? {
        var quote: Character?
        for index in rest.indices {
            let character = rest[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                return index
            }
        }
        return nil
    }

    private static func localName(_ tag: Substring) -> String {
        let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
        return String(name.split(separator: ":").last ?? "")
    }

    private static func unescaped(_ text: Substring) -> String? {
        var result = ""
        var rest = text
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            guard let end = rest[ampersand...].firstIndex(of: ";"),
                let character = character(rest[rest.index(after: ampersand)..<end])
            else { return nil }
            result.unicodeScalars.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func character(_ entity: Substring) -> Unicode.Scalar? {
        switch entity {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        case _ where entity.hasPrefix("#x"):
            UInt32(entity.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case _ where entity.hasPrefix("#"): UInt32(entity.dropFirst()).flatMap(Unicode.Scalar.init)
        default: nil
        }
    }
}
