import SystemFiles

extension AWSEnvironment {
    /// The text of a small file, whose path may begin with `~/`; nil where it cannot be read.
    func file(_ path: String) -> String? {
        (try? FileSystem.bytes(of: expanded(path), limit: Self.fileLimit)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Bytes of a file with settings, a token or keys.
    private static let fileLimit = 1 << 20

    func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = self["HOME"] else { return path }
        return home + path.dropFirst()
    }
}
