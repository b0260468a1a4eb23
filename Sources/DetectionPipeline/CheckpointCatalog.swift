/// What lies in a storage, stream by stream, whichever group's it is.
public struct CheckpointCatalog {
    private let storage: any CheckpointStorage

    public init(_ storage: any CheckpointStorage) {
        self.storage = storage
    }

    /// The streams that have entries, in order.
    public func streams() throws -> [CheckpointedStream] {
        try storage.streams().compactMap { CheckpointedStream(storageName: $0) }.sorted()
    }

    /// Reads the stream's checkpoint whole and makes its models, to see that they can be used.
    /// Holds all bytes of the one stream.
    public func inspect(_ stream: CheckpointedStream) throws -> CheckpointInspection {
        var inspection = CheckpointInspection(stream, try entries(of: stream))
        // Whoever saves it while we read may have removed what we were about to read.
        for _ in 0..<2 where !inspection.problems.isEmpty {
            inspection = CheckpointInspection(stream, try entries(of: stream))
        }
        return inspection
    }

    /// Removes everything of a stream: its models begin anew. Not for a stream that a run is
    /// using: what that one saves next would miss the rest.
    ///
    /// - Returns: how many entries there were.
    @discardableResult
    public func forget(_ stream: CheckpointedStream) throws -> Int {
        let names = try entries(of: stream).keys
        func remove(_ names: [String]) throws {
            let keys = names.map { CheckpointKey(stream: stream.storageName, name: $0) }
            try storage.write(Dictionary(uniqueKeysWithValues: keys.map { ($0, nil) }))
        }
        // Heads first: what is cut off in between is no checkpoint.
        try remove(names.filter(CheckpointHead.isHead))
        try remove(names.filter { !CheckpointHead.isHead($0) })
        return names.count
    }

    func entries(of stream: CheckpointedStream) throws -> [String: [UInt8]] {
        let entries = try storage.entries(of: [stream.storageName])
        return Dictionary(uniqueKeysWithValues: entries.map { ($0.key.name, $0.value) })
    }
}

/// A stream as the keys of a storage name it.
public struct CheckpointedStream: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The consumer group.
    public var group: String
    /// See ``RecordStream/origin``.
    public var origin: String
    public var partition: Int32

    public init(group: String, stream: RecordStream) {
        self.group = group
        origin = stream.origin
        partition = stream.partition
    }

    /// The topic, or what else the origin ends with.
    public var topic: String { origin.split(separator: "/").last.map(String.init) ?? origin }

    /// `GROUP/TOPIC/PARTITION`.
    public var description: String { "\(group)/\(topic)/\(partition)" }

    public static func < (left: Self, right: Self) -> Bool {
        (left.group, left.origin, left.partition) < (right.group, right.origin, right.partition)
    }

    /// The first part of the keys of its entries: `GROUP/ORIGIN/PARTITION`, each percent-encoded.
    var storageName: String {
        [group, origin, String(partition)].map(Self.percentEncoded).joined(separator: "/")
    }

    init?(storageName: String) {
        let parts = storageName.split(separator: "/", omittingEmptySubsequences: false)
            .compactMap(Self.percentDecoded)
        guard parts.count == 3, let partition = Int32(parts[2]) else { return nil }
        (group, origin, self.partition) = (parts[0], parts[1], partition)
        // Else another name would be written than the one that was read.
        guard self.storageName == storageName else { return nil }
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

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let decoded = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            rest.removeFirst(2)
            bytes.append(decoded)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
