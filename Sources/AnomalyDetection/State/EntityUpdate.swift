/// What a store writes for an entity that changed.
public enum EntityUpdate: Sendable, Hashable {
    /// The whole entity; replaces all that was stored of it.
    case whole([UInt8])
    /// The rows since it was stored whole; replaces such rows, and is kept beside the whole.
    case rows([UInt8])
}
