import BinaryCoding

extension ByteWriter {
    /// A u64 count and the numbers.
    mutating func write(_ numbers: [Double]) {
        write(UInt64(numbers.count))
        for number in numbers { write(number) }
    }

    mutating func write(_ numbers: [Float]) { write(numbers.map(Double.init)) }

    /// A flag, then the value if there is one.
    mutating func write<Value>(_ value: Value?, _ body: (inout ByteWriter, Value) -> Void) {
        write(value != nil)
        if let value { body(&self, value) }
    }
}

extension ByteReader {
    mutating func readFinite() throws(BinaryCodingError) -> Double {
        let number = try readDouble()
        guard number.isFinite else { throw damaged("a number is \(number)") }
        return number
    }

    /// A count of things that are gone: 0 to 2⁵³.
    mutating func readTally() throws(BinaryCodingError) -> Int {
        let count = try read(Int64.self)
        guard 0...1 << 53 ~= count else { throw damaged("a count is \(count)") }
        return Int(count)
    }

    /// Numbers that may be NaN.
    ///
    /// - Parameter allowed: How many there may be.
    mutating func readValues(_ allowed: ClosedRange<Int>) throws(BinaryCodingError) -> [Double] {
        let count = try readCount(ofSize: 8)
        guard allowed ~= count else { throw damaged("there are \(count) numbers") }
        var values: [Double] = []
        for _ in 0..<count {
            let value = try readDouble()
            guard !value.isInfinite else { throw damaged("a value is \(value)") }
            values.append(value)
        }
        return values
    }

    mutating func readNumbers(_ allowed: ClosedRange<Int>) throws(BinaryCodingError) -> [Double] {
        let values = try readValues(allowed)
        guard values.allSatisfy({ $0.isFinite }) else { throw damaged("a number is missing") }
        return values
    }

    mutating func readFloats(_ count: Int) throws(BinaryCodingError) -> [Float] {
        let values = try readNumbers(count...count)
        guard values.allSatisfy({ Double(Float($0)) == $0 }) else { throw damaged("a value is no Float") }
        return values.map { Float($0) }
    }

    mutating func readOptional<Value>(
        _ body: (inout ByteReader) throws(BinaryCodingError) -> Value
    ) throws(BinaryCodingError) -> Value? {
        try readBool() ? try body(&self) : nil
    }

    /// One of a list of cases by its number: new cases go to the end.
    mutating func readElement<Case>(of cases: [Case]) throws(BinaryCodingError) -> Case {
        let number = Int(try read(UInt8.self))
        guard cases.indices ~= number else { throw damaged("case \(number) of \(cases.count)") }
        return cases[number]
    }
}
