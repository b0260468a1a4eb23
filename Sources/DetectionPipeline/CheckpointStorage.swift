/// Where checkpoints lie: keys and bytes that outlive the process. What the bytes
/// mean, and how a save stays whole, is `CheckpointStore`'s affair.
///
/// Called from one thread.
public protocol CheckpointStorage: AnyObject {
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

extension CheckpointKey {
    /// The first part of the keys of a group's stream: `GROUP/ORIGIN/PARTITION`, each
    /// percent-encoded.
    static func streamName(group: String, stream: RecordStream) -> String {
        [group, stream.origin, String(stream.partition)].map(percentEncoded).joined(separator: "/")
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded.append("%")
                encoded.append(digits[Int(byte >> 4)])
                encoded.append(digits[Int(byte & 15)])
            }
        }
        return encoded
    }
}
