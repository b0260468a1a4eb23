/// The points that at least one tree holds, shared by all trees and counted.
///
/// Points lie one after the other, `stride` values each. Room for the largest possible number is
/// reserved, but only as much of it is touched as points were alive at once: freed places are used again first.
/// Values never written are never read: `padding` zeros follow the last place that was ever used, since a
/// descent that runs past its leaf reads up to 256 values from its point.
struct PointStore {
    static let padding = 256

    let stride: Int
    let capacity: Int
    let values: UnsafeMutablePointer<Float>
    /// Uses of each live point; of a free place, the next free place.
    let uses: PointNumbers
    private let counts: UnsafeMutablePointer<Counts>

    struct Counts {
        var live = 0
        /// Places ever used.
        var touched = 0
        /// `capacity` if there is none.
        var firstFree: Int
    }

    init(stride: Int, capacity: Int) {
        self.stride = stride
        self.capacity = capacity
        values = .allocate(capacity: capacity * stride + Self.padding)
        uses = PointNumbers(count: capacity, limit: capacity)
        counts = .allocate(capacity: 1)
        counts.initialize(to: Counts(firstFree: capacity))
        values.initialize(repeating: 0, count: Self.padding)
    }

    func deallocate() {
        values.deallocate()
        uses.deallocate()
        counts.deallocate()
    }

    var liveCount: Int { counts.pointee.live }
    var touchedCount: Int { counts.pointee.touched }

    @inline(__always)
    func coordinates(_ index: Int) -> UnsafeMutablePointer<Float> { values + index &* stride }

    @inline(__always)
    func useCount(_ index: Int) -> Int { uses[index] }

    /// Stores a point with no uses yet. There is always room: a forest holds at most one point for each
    /// sample, and one more while it updates.
    @inline(__always)
    func add(_ point: UnsafePointer<Float>) -> Int {
        let index: Int
        if counts.pointee.firstFree < capacity {
            index = counts.pointee.firstFree
            counts.pointee.firstFree = uses[index]
        } else {
            index = counts.pointee.touched
            counts.pointee.touched = index + 1
            (values + index * stride + Self.padding).initialize(repeating: 0, count: stride)
        }
        counts.pointee.live += 1
        uses[index] = 0
        let place = values + index * stride
        for dimension in 0..<stride { place[dimension] = point[dimension] }
        return index
    }

    /// Makes room in an empty store for points whose values the caller writes to the result, and whose uses it restores.
    func addUncounted(_ count: Int) -> UnsafeMutablePointer<Float> {
        (values + count * stride).initialize(repeating: 0, count: Self.padding)
        counts.pointee.live = count
        counts.pointee.touched = count
        return values
    }

    /// Sets the uses of all points.
    @inline(__always)
    func restoreUses(_ uses: (_ point: Int) -> Int) { self.uses.write(from: 0, count: touchedCount, uses) }

    @inline(__always)
    func retain(_ index: Int) { uses[index] += 1 }

    @inline(__always)
    func release(_ index: Int) {
        uses[index] -= 1
        if uses[index] == 0 { free(index) }
    }

    @inline(__always)
    func freeIfUnused(_ index: Int) {
        if uses[index] == 0 { free(index) }
    }

    @inline(__always)
    private func free(_ index: Int) {
        uses[index] = counts.pointee.firstFree
        counts.pointee.firstFree = index
        counts.pointee.live -= 1
    }

    /// The free places, for checks.
    func freePlaces() -> [Int] {
        var places: [Int] = []
        var place = counts.pointee.firstFree
        while place < capacity, places.count <= capacity {
            places.append(place)
            place = uses[place]
        }
        return places
    }
}
