/// Why a server could not be started.
public struct HTTPServerError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// The host has no address.
        case unknownHost
        /// The address is not this machine's, is in use, or its port needs privileges.
        case cannotListen
        /// Threads or memory are lacking.
        case cannotStart
    }

    public var code: Code
    /// Names the address.
    public var message: String

    /// Whether the same call may succeed later without anybody's doing: the port may become free.
    public var isRetriable: Bool { code == .cannotListen }

    public var description: String { message }
}
