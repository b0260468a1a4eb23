import TypedValues

/// A YAML file as a tree, and what was wrong with it short of its syntax.
public struct YAMLDocument: Sendable {
    /// Nil where the file holds nothing.
    public let root: YAMLNode?
    /// Duplicate keys, tags and the like. The tree leaves them out.
    public let errors: [ConfigurationError]

    /// Reads one document. Throws what leaves no tree: bad syntax, and bounds that are passed.
    /// - Complexity: O(bytes + nodes), both bounded by `limits`.
    public init(
        _ bytes: [UInt8],
        name: String,
        limits: YAMLLimits = YAMLLimits()
    ) throws(ConfigurationError) {
        guard bytes.count <= limits.bytes else {
            let bound = ByteSize(bytes: limits.bytes)
            throw ConfigurationError(
                .tooLarge,
                "the file is larger than \(bound)",
                origin: .file(name, line: 1, column: 1)
            )
        }
        // libyaml takes the mark that Windows editors put first for a document's content.
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let result = bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(ConfigurationError) in
                try Self.tree(UnsafeBufferPointer(rebasing: buffer[start...]), name, limits)
            }
        }
        (root, errors) = try result.get()
    }

    private static func tree(
        _ buffer: UnsafeBufferPointer<UInt8>,
        _ name: String,
        _ limits: YAMLLimits
    ) throws(ConfigurationError) -> (YAMLNode?, [ConfigurationError]) {
        guard let events = YAMLEventReader(buffer) else {
            throw ConfigurationError(.unreadable, "out of memory", origin: .file(name, line: 1, column: 1))
        }
        var builder = YAMLTreeBuilder(events: events, name: name, limits: limits)
        let root = try builder.document()
        return (root, builder.errors)
    }
}
