/// The working state while one line becomes a record: the text and the fields found so far.
///
/// The pointers belong to the record that is being filled and live as long as the parse.
struct RecordBuilder {
    let text: PaddedBytes
    let fields: UnsafeMutablePointer<Field>
    let capacity: Int
    var count = 0
    var dropped = 0
    var shape = Shape.seed
    var timestamp: Int64?
    var level: LogLevel?
    var message: Range<Int>?

    /// The end of the text.
    var end: Int { text.count }

    @inline(__always)
    init(text: PaddedBytes, fields: UnsafeMutablePointer<Field>, capacity: Int) {
        self.text = text
        self.fields = fields
        self.capacity = capacity
    }

    /// Adds a field whose key stands in the text; returns its position.
    @discardableResult
    @inline(__always)
    mutating func append(_ field: Field) -> Int32 {
        guard count < capacity else {
            dropped &+= 1
            return -1
        }
        if field.keySource == .element {
            shape = Shape.combine(shape, UInt64(field.keyStart) &<< 32 | 0xffff_fffe)
        } else {
            combine(start: Int(field.keyStart), count: Int(field.keyCount), parent: field.parentIndex)
        }
        fields[count] = field
        count &+= 1
        return Int32(truncatingIfNeeded: count &- 1)
    }

    /// Adds a field whose key is number `key` of the format's table. The table's shape stands for them.
    @inline(__always)
    mutating func append(
        tableKey key: Int,
        _ value: Range<Int>,
        _ kind: Field.Kind,
        number: Double = 0,
        isEscaped: Bool = false
    ) {
        guard count < capacity else {
            dropped &+= 1
            return
        }
        var field = Field(key: 0..<0, value: value, kind: kind, number: number, isEscaped: isEscaped)
        field.keySource = .table
        field.keyStart = UInt32(truncatingIfNeeded: key)
        fields[count] = field
        count &+= 1
    }

    /// Adds a cell of known position: null if it is absent (`-` or empty), a number, or a string.
    @inline(__always)
    mutating func append(tableKey key: Int, cell: Range<Int>, isEscaped: Bool = false) {
        let first = text[cell.lowerBound]
        if cell.isEmpty || (cell.count == 1 && first == UInt8(ascii: "-")) {
            append(tableKey: key, cell, .null)
            return
        }
        if first.isDigit || first == UInt8(ascii: "-") {
            let number = DecimalNumber.scan(text, from: cell.lowerBound, to: cell.upperBound)
            if number.end == cell.upperBound {
                append(tableKey: key, cell, .number, number: number.value)
                return
            }
        }
        append(tableKey: key, cell, .string, isEscaped: isEscaped)
    }

    /// Takes the key at `start` into the shape.
    @inline(__always)
    private mutating func combine(start: Int, count: Int, parent: Int32) {
        let tail = UInt64(truncatingIfNeeded: count) &<< 32 | UInt64(UInt32(bitPattern: parent))
        shape = Shape.combine(shape, tail)
        var index = start
        var rest = count
        while rest > 8 {
            shape = Shape.combine(shape, text.word(at: index))
            index &+= 8
            rest &-= 8
        }
        // The shift is 64 for an empty key, which makes the word zero.
        shape = Shape.combine(shape, text.word(at: index) << UInt64(64 &- rest &* 8))
    }
}
