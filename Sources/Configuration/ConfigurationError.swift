/// One thing that is wrong with a configuration, and where.
public struct ConfigurationError: Error, Hashable, Sendable {
    public enum Code: String, Sendable {
        /// A file that cannot be opened or read.
        case unreadable
        /// A bound is passed: bytes, depth, nodes or aliases.
        case tooLarge
        /// Not YAML.
        case syntax
        /// YAML that a configuration may not use: tags, merge keys, a second document.
        case unsupported
        case duplicateKey
        case unknownKey
        /// A mapping where a value belongs, and the like.
        case wrongShape
        case invalidValue
        case missingValue
        /// `{env: NAME}` or `{file: /path}` that leads nowhere.
        case unresolvedReference
    }

    public let code: Code
    /// What is wrong; it never holds the value of a secret.
    public let message: String
    /// The setting, such as `kafka.brokers`; empty where the error is about the file as a whole.
    public let key: String
    public let origin: Origin

    public init(_ code: Code, _ message: String, key: String = "", origin: Origin) {
        self.code = code
        self.message = message
        self.key = key
        self.origin = origin
    }
}

extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        let about = key.isEmpty ? "" : "\(key): "
        return origin == .defaultValue ? about + message : "\(origin): \(about)\(message)"
    }
}
