/// A number of bytes, written with its unit: `64KiB`, `10MB`.
public struct ByteSize: Hashable, Sendable {
    public var bytes: Int

    public init(bytes: Int) {
        self.bytes = bytes
    }

    public static func kibibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 10) }
    public static func mebibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 20) }
    public static func gibibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 30) }

    /// Reads `512B`, `64KiB`, `1.5GiB`, `10MB`. The unit is needed, its letter case does not matter.
    public init(parsing text: String) throws(ValueError) {
        bytes = try Quantity.parse(text, units: Self.units, kind: Self.kind)
    }

    static let kind = Quantity.Kind(
        name: "a size",
        examples: "512B, 64KiB, 10MB or 1GiB",
        smallest: "byte",
        ignoresCase: true
    )

    /// From the largest down; of two units that divide a size, `description` takes the first.
    static let units: [Quantity.Unit] = [
        .init("TiB", 1 << 40), .init("TB", 1_000_000_000_000),
        .init("GiB", 1 << 30), .init("GB", 1_000_000_000),
        .init("MiB", 1 << 20), .init("MB", 1_000_000),
        .init("KiB", 1 << 10), .init("kB", 1_000),
        .init("B", 1),
    ]
}

extension ByteSize: Comparable {
    public static func < (first: ByteSize, second: ByteSize) -> Bool { first.bytes < second.bytes }
}

extension ByteSize: CustomStringConvertible {
    /// The size in the largest unit that gives a whole number; it parses back to the same size.
    public var description: String { Quantity.text(of: bytes, units: Self.units) }
}
