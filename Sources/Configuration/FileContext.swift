import TypedValues

/// What reading the values of a file needs, and the errors that come of it.
struct FileContext {
    let name: String
    let environment: [String: String]
    /// The bytes of a file named by `{file: /path}`.
    let readFile: @Sendable (String) throws(FileReadError) -> [UInt8]
    var errors: [ConfigurationError] = []
    /// Where the values of a map stand, by their whole keys.
    var places: [String: YAMLNode.Mark] = [:]
    /// Whether the value read last came through a reference.
    var metReference = false

    mutating func record(
        _ code: ConfigurationError.Code,
        _ message: String,
        _ key: String,
        _ mark: YAMLNode.Mark
    ) {
        errors.append(ConfigurationError(code, message, key: key, origin: origin(mark)))
    }

    func origin(_ mark: YAMLNode.Mark) -> Origin {
        .file(name, line: mark.line, column: mark.column)
    }

    /// The text of a single value, a reference followed. Nil, and an error recorded, where there is none.
    mutating func text(_ node: YAMLNode, _ key: String) -> (text: String, isSecret: Bool)? {
        switch node.content {
        case .scalar(let scalar) where scalar.isNull:
            record(.missingValue, "has no value; give it one, or leave the line out", key, node.mark)
        case .scalar(let scalar):
            return (scalar.text, SecretKeys.contains(key))
        case .mapping(let entries):
            if entries.count == 1, let entry = entries.first, ["env", "file"].contains(entry.key) {
                metReference = true
                return reference(entry, key).map { ($0, true) }
            }
            record(
                .wrongShape,
                "must be a single value, {env: NAME} or {file: /path}, not a mapping",
                key,
                node.mark
            )
        case .sequence:
            record(.wrongShape, "must be a single value, not a list", key, node.mark)
        }
        return nil
    }

    /// A single value, read by its type.
    mutating func value<Value>(_ node: YAMLNode, _ type: ValueType<Value>, _ key: String) -> Value? {
        guard let (text, isSecret) = text(node, key) else { return nil }
        do {
            return try type.value(of: text)
        } catch {
            record(.invalidValue, isSecret ? error.redactedMessage : error.description, key, node.mark)
            return nil
        }
    }

    private mutating func reference(_ entry: YAMLNode.Entry, _ key: String) -> String? {
        guard case .scalar(let scalar) = entry.value.content, !scalar.isNull, !scalar.text.isEmpty else {
            record(.unresolvedReference, "{\(entry.key): …} needs a name", key, entry.value.mark)
            return nil
        }
        let target = scalar.text
        if entry.key == "env" {
            if let value = environment[target] { return value }
            record(
                .unresolvedReference,
                "the environment variable \(Quotation.quoted(target)) is not set",
                key,
                entry.value.mark
            )
            return nil
        }
        guard target.hasPrefix("/") else {
            record(.unresolvedReference, "{file: …} needs an absolute path", key, entry.value.mark)
            return nil
        }
        do {
            return try contents(of: target)
        } catch {
            let shown = Quotation.quoted(target)
            record(
                .unresolvedReference,
                "the file \(shown) cannot be read: \(error.message)",
                key,
                entry.value.mark
            )
            return nil
        }
    }

    /// UTF-8, without the line break that editors put at the end.
    private func contents(of path: String) throws(FileReadError) -> String {
        guard let text = String(validating: try readFile(path), as: UTF8.self) else {
            throw FileReadError(message: "it is not UTF-8 text")
        }
        let line = text.hasSuffix("\r\n") || text.hasSuffix("\n") ? text.dropLast() : text[...]
        return String(line)
    }
}

/// Why a file named by `{file: /path}` cannot be read.
public struct FileReadError: Error, Sendable {
    public let message: String

    public init(message: String) {
        self.message = message
    }
}
