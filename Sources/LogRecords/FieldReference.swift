/// A field's name, compiled once and looked up in many records.
///
/// The name is a path: keys joined by points, elements of arrays by their index
/// (`upstreams.backend.peers.0.requests`). Keys that hold points themselves need no quoting: a path
/// matches if some way of reading it does. Of several fields of one name the first one counts.
///
/// The reference remembers where it found the field in the last record; records of the same layout
/// are then served in constant time, others by a search over the record's fields.
public struct FieldReference: Sendable {
    public let path: String
    let bytes: [UInt8]
    /// The layout of the record that was searched last, and what was found there (-1: nothing).
    var shape: UInt64 = 0
    var position: Int32 = -1

    public init(_ path: String) {
        self.path = path
        bytes = Array(path.utf8)
    }
}

extension FieldReference: Hashable {
    public static func == (left: FieldReference, right: FieldReference) -> Bool { left.path == right.path }

    public func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

extension FieldReference: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}
