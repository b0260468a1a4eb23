/// The bytes of a configuration file and the name that errors give it.
public struct ConfigurationFile: Sendable {
    public let name: String
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    public init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// Reads the file at `path`, at most one byte past the bound on its size.
    public init(path: String) throws(ConfigurationFailure) {
        do {
            self.init(name: path, bytes: try SystemFile.bytes(of: path, limit: YAMLLimits().bytes))
        } catch {
            let origin = Origin.file(path, line: 1, column: 1)
            throw ConfigurationFailure([
                .init(.unreadable, "cannot be read: \(error.message)", origin: origin)
            ])
        }
    }
}
