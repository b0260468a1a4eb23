/// The keys that a format gives to its fields by position, such as `status` in an access log.
struct KeyTable: Sendable, Hashable {
    static let empty = KeyTable([])

    private(set) var names: [[UInt8]]
    /// A hash of the names: the shape of a record that holds just these fields.
    private(set) var shape: UInt64

    init(_ names: [String]) {
        self.names = names.map { Array($0.utf8) }
        var shape = Shape.seed
        for name in self.names {
            shape = Shape.combine(shape, UInt64(name.count))
            for byte in name { shape = Shape.combine(shape, UInt64(byte)) }
        }
        self.shape = shape
    }
}

/// A running hash over the keys of a record, by which a reference knows a layout again.
///
/// It is fixed, not seeded by process, so that equal input takes equal steps everywhere; a collision
/// costs a search and never gives a wrong field, because a remembered position is checked.
enum Shape {
    static let seed: UInt64 = 0x9e37_79b9_7f4a_7c15

    @inline(__always)
    static func combine(_ shape: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (shape ^ word) &* 0xff51_afd7_ed55_8ccd
        return mixed ^ (mixed &>> 32)
    }
}
