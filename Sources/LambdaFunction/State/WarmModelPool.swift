import BinaryCoding
import DetectionPipeline
import Dispatch
import Telemetry

/// The models that an environment has in memory, each with its position. Loops of one environment share them: a stream's
/// models are there once, and are in the hands of one loop at a time (``exclusively(_:_:)``).
public final class WarmModelPool: Sendable {
    private let entries = Locked(Entries())
    /// A key's gate follows from its hash, so that nobody has to keep a list of keys; two that share one wait in vain at
    /// times.
    private let gates = (0..<64).map { _ in DispatchSemaphore(value: 1) }

    private struct Entries {
        var models: [String: WarmModels] = [:]
        /// Uses, to drop the longest unused.
        var useCount: UInt64 = 0
    }

    /// Streams whose models stay in memory: a poller's environment sees a few partitions again and again.
    static let limit = 64

    public init() {}

    /// Waits until nobody else has the models of a key, and keeps others from them meanwhile. Not to be nested.
    func exclusively<Result>(_ key: String, _ body: () throws -> Result) rethrows -> Result {
        let gate = gates[Int(stableHash(key.utf8) % UInt64(gates.count))]
        gate.wait()
        defer { gate.signal() }
        return try body()
    }

    /// For who holds the key. What is set counts as used last; over the limit the longest unused is dropped.
    subscript(key: String) -> WarmModels? {
        get {
            entries.withLock { $0.models[key] }
        }
        set {
            entries.withLock { entries in
                entries.useCount += 1
                entries.models[key] = newValue
                entries.models[key]?.lastUse = entries.useCount
                guard entries.models.count > Self.limit,
                    let oldest = entries.models.min(by: { $0.value.lastUse < $1.value.lastUse })
                else { return }
                entries.models[oldest.key] = nil
            }
        }
    }
}

/// Models in memory, with what is known of their checkpoint.
///
/// `@unchecked Sendable` holds because the models are touched by who holds their key in the pool, and nobody else.
struct WarmModels: @unchecked Sendable {
    var models: StreamModels
    /// Nil for models that have seen nothing.
    var position: StreamPosition?
    /// Of the checkpoint that they come from or were saved in.
    var version: ObjectVersion?
    /// When the checkpoint was looked at, milliseconds since 1970.
    var checkedAt: Int64
    fileprivate(set) var lastUse: UInt64 = 0
}
