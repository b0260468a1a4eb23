/// Bounds on a configuration file. A file within them is read in milliseconds, whatever it holds.
public struct YAMLLimits: Sendable {
    /// The file's size.
    public var bytes = 1 << 20
    /// Collections within collections.
    public var depth = 32
    /// Uses of anchors.
    public var aliases = 100
    /// Scalars and collections, counted again at every alias: the bound on a "billion laughs".
    public var nodes = 50_000

    public init() {}
}
