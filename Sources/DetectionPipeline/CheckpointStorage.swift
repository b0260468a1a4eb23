/// Where checkpoints lie: keys and bytes that outlive the process. What the bytes
/// mean, and how a save stays whole, is `CheckpointStore`'s affair.
///
/// Called from one thread.
public protocol CheckpointStorage: AnyObject {
    /// The first parts of all keys.
    func streams() throws -> Set<String>

    /// All entries of these streams.
    func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]]

    /// Hands every entry to `body`, one at a time. Of one that changes meanwhile the last call counts;
    /// nil where it was removed.
    func forEachEntry(_ body: (CheckpointKey, _ bytes: [UInt8]?) -> Void) throws

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

extension CheckpointStorage {
    /// Holds the entries of one stream at a time.
    public func forEachEntry(_ body: (CheckpointKey, _ bytes: [UInt8]?) -> Void) throws {
        for stream in try streams() {
            for (key, bytes) in try entries(of: [stream]) { body(key, bytes) }
        }
    }
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
