import SystemFiles

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

    /// Reads the file at `path`.
    public init(path: String) throws(ConfigurationFailure) {
        let limit = YAMLLimits().bytes
        do throws(SystemError) {
            self.init(name: path, bytes: try FileSystem.bytes(of: path, limit: limit))
        } catch {
            let origin = Origin.file(path, line: 1, column: 1)
            throw ConfigurationFailure([
                .init(.unreadable, "cannot be read: \(error.reason(limit: limit))", origin: origin)
            ])
        }
    }
}

extension SystemError {
    /// Why a file could not be read of which `limit` bytes were to be taken.
    func reason(limit: Int) -> String { isTooLarge ? "it is larger than \(limit) bytes" : reason }
}
