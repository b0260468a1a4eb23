/// Where several processes that know nothing of each other keep objects, each written only over the version that its
/// writer has seen: compare-and-swap. So of two that go on from the same state one wins, and the other hears of it.
///
/// An error that is `ClassifiedError` tells whether a later try may succeed.
public protocol VersionedStorage: AnyObject {
    /// Reads an object, unless it is still the version that the caller has.
    func read(_ key: String, unless version: ObjectVersion?) throws -> ObjectReading

    /// Writes an object over a version, or where none is yet.
    ///
    /// - Parameter version: what was read or written last; nil where there was no object.
    /// - Returns: the new version; nil where there is another one by now, which stays.
    func write(_ key: String, _ bytes: [UInt8], over version: ObjectVersion?) throws -> ObjectVersion?
}

/// Tells the versions of one object apart: an entity tag.
public struct ObjectVersion: Sendable, Hashable {
    public var tag: String

    public init(_ tag: String) {
        self.tag = tag
    }
}

/// What became of reading an object.
public enum ObjectReading: Sendable, Hashable {
    case absent
    case unchanged
    case found([UInt8], ObjectVersion)
}
