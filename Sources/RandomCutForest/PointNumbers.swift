/// Numbers up to a limit, such as the indices of points: in two bytes each where those hold the limit, else in four.
///
/// An index is not checked: the owner knows how many there are.
struct PointNumbers {
    private let start: UnsafeMutableRawPointer
    private let isWide: Bool

    var bytes: UnsafeRawPointer { UnsafeRawPointer(start) }
    /// The bytes of each number.
    var size: Int { isWide ? 4 : 2 }

    /// - Parameter limit: The largest number, at most `UInt32.max`.
    init(count: Int, limit: Int) {
        isWide = limit > Int(UInt16.max)
        start = .allocate(byteCount: count * Self.size(limit: limit), alignment: 4)
    }

    func deallocate() { start.deallocate() }

    /// The bytes of one number.
    static func size(limit: Int) -> Int { limit > Int(UInt16.max) ? 4 : 2 }

    @inline(__always)
    subscript(index: Int) -> Int {
        get {
            isWide
                ? Int(start.load(fromByteOffset: 4 &* index, as: UInt32.self))
                : Int(start.load(fromByteOffset: 2 &* index, as: UInt16.self))
        }
        nonmutating set {
            if isWide {
                let number = UInt32(truncatingIfNeeded: newValue)
                start.storeBytes(of: number, toByteOffset: 4 &* index, as: UInt32.self)
            } else {
                let number = UInt16(truncatingIfNeeded: newValue)
                start.storeBytes(of: number, toByteOffset: 2 &* index, as: UInt16.self)
            }
        }
    }

    /// Writes numbers from `first` on. The size is asked for once, and each loop compiles to vectors.
    @inline(__always)
    func write(from first: Int, count: Int, _ number: (Int) -> Int) {
        if isWide {
            for index in 0..<count {
                let number = UInt32(truncatingIfNeeded: number(index))
                start.storeBytes(of: number, toByteOffset: 4 &* (first &+ index), as: UInt32.self)
            }
        } else {
            for index in 0..<count {
                let number = UInt16(truncatingIfNeeded: number(index))
                start.storeBytes(of: number, toByteOffset: 2 &* (first &+ index), as: UInt16.self)
            }
        }
    }
}
