/// Where checkpoints lie: keys and bytes that outlive the process. What the bytes
/// mean, and how a save stays whole, is `CheckpointStore`'s affair.
///
/// Called from one thread.
public protocol CheckpointStorage: AnyObject {
    /// The first parts of all keys.
    func streams() throws -> Set<String>

    /// All entries of these streams.
    func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]]

    /// Makes the changes and returns when all are safe. Where it fails or is cut off, any
    /// of them may have been made, each whole.
    ///
    /// - Parameter changes: the bytes of each key, nil to remove it. Keys are distinct.
    func write(_ changes: [CheckpointKey: [UInt8]?]) throws

    /// Bytes that a value may have at most.
    var maximumValueBytes: Int { get }

    /// Whether other instances of the group see the entries.
    var isShared: Bool { get }
}

/// The key of an entry. Neither part holds anything but ASCII letters, digits and
/// `. - _ / ~ %`.
public struct CheckpointKey: Sendable, Hashable, Comparable {
    /// The group and the stream: entries of one stream are read together.
    public var stream: String
    public var name: String

    public init(stream: String, name: String) {
        self.stream = stream
        self.name = name
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.stream, left.name) < (right.stream, right.name)
    }
}

/// What a storage is opened for.
public enum CheckpointAccess: Sendable, Hashable {
    /// To look at what others save: nothing is made, locked or written.
    case readOnly
    case readWrite
}
