import DetectionPipeline

/// Entries in memory, with a write that can be cut off.
final class MemoryStorage: CheckpointStorage {
    struct Cut: Error {}

    var entries: [CheckpointKey: [UInt8]] = [:]
    /// Writes that still succeed; nil for all.
    var writesLeft: Int?
    var maximumValueBytes = 10
    var isShared = true
    var onRead: () throws -> Void = {}

    func streams() -> Set<String> { Set(entries.keys.map(\.stream)) }

    func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]] {
        try onRead()
        return entries.filter { streams.contains($0.key.stream) }
    }

    func write(_ changes: [CheckpointKey: [UInt8]?]) throws {
        for (key, bytes) in changes.sorted(by: { $0.key < $1.key }) {
            if writesLeft == 0 { throw Cut() }
            writesLeft = writesLeft.map { $0 - 1 }
            entries[key] = bytes
        }
    }
}
