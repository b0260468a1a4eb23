/// The detectors of a stream, found by their entity's name as bytes, bounded in
/// number: one too many, and the eighth of them that was unused longest is dropped.
struct EntityTable {
    private let makeDetector: (_ entity: String, _ lane: Int) throws -> EntityDetector
    private let limit: Int
    private var entries: [Entry] = []
    /// Position in `entries` by the hash of the name; a hash that is taken by
    /// another name is tried again one higher.
    private var positions: [UInt64: Int] = [:]
    private var sequence = 0
    private var madeCount = 0
    /// Detectors dropped so far.
    private(set) var droppedCount = 0

    private struct Entry {
        var name: [UInt8]
        var detector: EntityDetector
        /// Sequence number of the last record.
        var lastUse: Int
    }

    init(limit: Int, makeDetector: @escaping (_ entity: String, _ lane: Int) throws -> EntityDetector) {
        self.limit = max(1, limit)
        self.makeDetector = makeDetector
    }

    var count: Int { entries.count }

    /// The detector of this name, made where there is none. O(length of the name),
    /// and O(n log n) once for every n/8 new names beyond the limit.
    mutating func detector(of name: UnsafeBufferPointer<UInt8>) throws -> EntityDetector {
        sequence += 1
        var hash = Self.hash(name)
        while let position = positions[hash] {
            if entries[position].name.elementsEqual(name) {
                entries[position].lastUse = sequence
                return entries[position].detector
            }
            hash &+= 1
        }
        let detector = try makeDetector(String(decoding: name, as: UTF8.self), madeCount)
        madeCount += 1
        positions[hash] = entries.count
        entries.append(Entry(name: Array(name), detector: detector, lastUse: sequence))
        if entries.count > limit { dropUnused() }
        return detector
    }

    var detectors: some Sequence<EntityDetector> { entries.lazy.map(\.detector) }

    private mutating func dropUnused() {
        let kept = max(1, limit - limit / 8)
        let oldestKept = entries.map(\.lastUse).sorted(by: >)[kept - 1]
        droppedCount += entries.count - kept
        entries.removeAll { $0.lastUse < oldestKept }
        positions.removeAll(keepingCapacity: true)
        for (position, entry) in entries.enumerated() {
            var hash = entry.name.withUnsafeBufferPointer(Self.hash)
            while positions[hash] != nil { hash &+= 1 }
            positions[hash] = position
        }
    }

    /// FNV-1a, the same in every process, unlike `Hasher`.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}
