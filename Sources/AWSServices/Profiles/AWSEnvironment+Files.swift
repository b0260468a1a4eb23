#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension AWSEnvironment {
    /// The text of a small file, whose path may begin with `~/`; nil where it cannot be read.
    func file(_ path: String) -> String? {
        let path = expanded(path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8 << 10)
        while bytes.count < Self.fileLimit {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
        return nil
    }

    /// Bytes of a file with settings, a token or keys.
    private static let fileLimit = 1 << 20

    func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = self["HOME"] else { return path }
        return home + path.dropFirst()
    }
}
