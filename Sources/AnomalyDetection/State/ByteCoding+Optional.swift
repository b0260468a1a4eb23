import BinaryCoding

/// Optional values, lists and bounded counts, as `StateForms` describes them.
extension ByteWriter {
    mutating func write<Value>(optional value: Value?, _ body: (inout ByteWriter, Value) -> Void) {
        write(value != nil)
        if let value { body(&self, value) }
    }

    mutating func write<Item>(list items: [Item], _ body: (inout ByteWriter, Item) -> Void) {
        write(UInt64(items.count))
        for item in items { body(&self, item) }
    }
}

extension ByteReader {
    mutating func readOptional<Value>(
        _ body: (inout ByteReader) throws(BinaryCodingError) -> Value
    ) throws(BinaryCodingError) -> Value? {
        try readBool() ? try body(&self) : nil
    }

    /// - Parameter size: the least number of bytes of an item.
    mutating func readList<Item>(
        ofSize size: Int,
        _ body: (inout ByteReader) throws(BinaryCodingError) -> Item
    ) throws(BinaryCodingError) -> [Item] {
        var items: [Item] = []
        for _ in 0..<(try readCount(ofSize: size)) { items.append(try body(&self)) }
        return items
    }

    mutating func readInteger(in range: ClosedRange<Int64>) throws(BinaryCodingError) -> Int {
        let number = try read(Int64.self)
        guard range ~= number else { throw damaged("\(number) is not in \(range)") }
        return Int(number)
    }

    mutating func readCounter() throws(BinaryCodingError) -> UInt64 {
        let number = try read(UInt64.self)
        guard StateForms.counts ~= number else { throw damaged("\(number) is out of range") }
        return number
    }
}
