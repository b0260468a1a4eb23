/// What has changed in a ``StreamDetector`` since a revision, for a store that keeps a header and the bytes of
/// each entity.
///
/// Replace the header, write ``changedEntities``, delete ``removedEntities``, all at once; then the store holds
/// the detector as it was at ``revision``. The bytes of the changed entities are made by
/// ``StreamDetector/updates(of:in:)``, or always whole by ``StreamDetector/encodedEntities(_:)``; in portions, as
/// an entity may have a quarter of a megabyte.
public struct StreamChanges: Sendable {
    /// The state of all but the entities; changes without a new revision too, by lines that no model sees.
    public let header: [UInt8]
    /// Names of the entities to write, longest unused first. A name is any bytes.
    public let changedEntities: [[UInt8]]
    /// Names of the entities to delete.
    public let removedEntities: [[UInt8]]
    /// Whether `changedEntities` are all there are: the store deletes any other.
    public let isComplete: Bool
    /// To be asked for the changes after it, once these are stored.
    public let revision: UInt64
    /// Everything up to here is stored; 0 if `isComplete`.
    let base: UInt64
}
