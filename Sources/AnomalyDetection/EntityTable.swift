import BinaryCoding

/// The detectors of a stream, found by their entity's name as bytes, bounded in
/// number: one too many, and the eighth of them that was unused longest is dropped.
struct EntityTable {
    typealias Maker = (_ entity: String) throws -> EntityDetector

    var makeDetector: Maker
    private let limit: Int
    var entries: [Entry] = []
    /// Position in `entries` by the hash of the name; a hash that is taken by
    /// another name is tried again one higher.
    private var positions: [UInt64: Int] = [:]
    /// Number of the last change: every record is one.
    private(set) var revision: UInt64 = 0
    /// Detectors dropped so far.
    private(set) var droppedCount = 0
    var removals = RemovalLog()

    struct Entry {
        var name: [UInt8]
        var detector: EntityDetector
        /// Revision of the last record.
        var lastUse: UInt64
        /// Whether somebody was told of it, and has to hear when it is dropped.
        var isKnownOutside = false

        /// By index: every record asks, and `elementsEqual` goes through iterators.
        fileprivate func isNamed(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
            name.count == other.count && name.indices.allSatisfy { name[$0] == other[$0] }
        }
    }

    init(limit: Int, makeDetector: @escaping Maker) {
        self.limit = max(1, limit)
        self.makeDetector = makeDetector
    }

    var count: Int { entries.count }

    /// The detector of this name, made where there is none. O(length of the name),
    /// and O(n log n) once for every n/8 new names beyond the limit.
    mutating func detector(of name: UnsafeBufferPointer<UInt8>) throws -> EntityDetector {
        revision += 1
        let (found, hash) = find(name)
        if let found {
            entries[found].lastUse = revision
            return entries[found].detector
        }
        let detector = try makeDetector(String(decoding: name, as: UTF8.self))
        append(Entry(name: Array(name), detector: detector, lastUse: revision), at: hash)
        if entries.count > limit { dropUnused() }
        return detector
    }

    /// Makes each detector forget its last record. O(n log n)
    mutating func forgetPrevious() {
        // Each counts as used, in the order of their uses, so that it counts as changed.
        for position in entries.indices.sorted(by: { entries[$0].lastUse < entries[$1].lastUse }) {
            revision += 1
            entries[position].lastUse = revision
            entries[position].detector.forgetPrevious()
        }
    }

    /// The position of this name, and the hash under which it stands or may be put.
    private func find(_ name: UnsafeBufferPointer<UInt8>) -> (position: Int?, hash: UInt64) {
        var hash = stableHash(name)
        while let position = positions[hash] {
            if entries[position].isNamed(name) { return (position, hash) }
            hash &+= 1
        }
        return (nil, hash)
    }

    private mutating func append(_ entry: Entry, at hash: UInt64) {
        positions[hash] = entries.count
        entries.append(entry)
    }

    private mutating func dropUnused() {
        let kept = max(1, limit - limit / 8)
        let oldestKept = entries.map(\.lastUse).sorted(by: >)[kept - 1]
        droppedCount += entries.count - kept
        for entry in entries where entry.lastUse < oldestKept && entry.isKnownOutside {
            removals.insert(entry.name, at: revision, limit: limit)
        }
        entries.removeAll { $0.lastUse < oldestKept }
        positions.removeAll(keepingCapacity: true)
        for (position, entry) in entries.enumerated() {
            var hash = stableHash(entry.name)
            while positions[hash] != nil { hash &+= 1 }
            positions[hash] = position
        }
    }

    /// The entry of this name, if there is one. O(length of the name)
    func entry(of name: [UInt8]) -> Entry? {
        name.withUnsafeBufferPointer { find($0).position.map { entries[$0] } }
    }

    /// Fills an empty table with what another one held. False if a name is there twice.
    mutating func restore(_ saved: [Entry], revision: UInt64, droppedCount: Int) -> Bool {
        self.revision = revision
        self.droppedCount = droppedCount
        for entry in saved.sorted(by: { $0.lastUse < $1.lastUse }) {
            let (found, hash) = entry.name.withUnsafeBufferPointer(find)
            guard found == nil else { return false }
            append(entry, at: hash)
        }
        if entries.count > limit {
            self.revision += 1
            dropUnused()
        }
        return true
    }
}
