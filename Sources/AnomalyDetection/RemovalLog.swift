/// The entities that were dropped, until everyone who was told of them has heard. Bounded: a log that grows too
/// long is given up, and who asks for what came before gets everything anew.
struct RemovalLog {
    /// The log is whole from this revision on.
    private var start: UInt64 = 0
    /// When each name was dropped.
    private var revisions: [[UInt8]: UInt64] = [:]

    mutating func insert(_ name: [UInt8], at revision: UInt64, limit: Int) {
        revisions[name] = revision
        guard revisions.count > limit else { return }
        revisions = [:]
        start = revision
    }

    /// Forgets what was dropped up to `revision`.
    mutating func forget(upTo revision: UInt64) {
        start = max(start, revision)
        revisions = revisions.filter { $0.value > revision }
    }

    /// Whether all that was dropped after `revision` is known.
    func reaches(_ revision: UInt64) -> Bool { revision >= start }

    /// The names in the log, in the order in which they were dropped.
    var names: [[UInt8]] {
        revisions.sorted {
            $0.value != $1.value ? $0.value < $1.value : $0.key.lexicographicallyPrecedes($1.key)
        }
        .map(\.key)
    }
}
