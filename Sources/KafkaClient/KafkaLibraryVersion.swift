/// A version of librdkafka.
public struct KafkaLibraryVersion: Sendable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int
    public let patch: Int

    public init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// From librdkafka's `0xMMmmrrxx`.
    init(encoded: Int32) {
        let value = Int(encoded)
        self.init(value >> 24 & 0xff, value >> 16 & 0xff, value >> 8 & 0xff)
    }

    public var description: String { "\(major).\(minor).\(patch)" }

    public static func < (left: KafkaLibraryVersion, right: KafkaLibraryVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}
