/// Why a zip is refused.
public struct ZipError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// Not a zip, or cut, or its parts contradict each other.
        case damaged
        /// The bytes of an entry are not those that were packed.
        case wrongChecksum
        /// A name or a link that leads out of the directory, or two entries of one name.
        case unsafePath
        /// Encrypted, in several parts, or compressed by a method other than deflate.
        case unsupported
        /// More bytes or entries than allowed.
        case tooLarge
        /// The system refuses to write.
        case cannotWrite
    }

    public let code: Code
    /// Names the entry, where it is one.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same zip may be unpacked later without anybody's doing: room may come back.
    public var isRetriable: Bool { code == .cannotWrite }

    public var description: String { message }
}
