import BinaryCoding

extension DiscountedDeviation {
    func write(to writer: inout ByteWriter) {
        writer.write(Int64(count))
        writer.write(mean)
        writer.write(weight)
        writer.write(squares)
    }

    init(discount: Double, from reader: inout ByteReader) throws(BinaryCodingError) {
        let (count, mean) = (try reader.readTally(), try reader.readFinite())
        let (weight, squares) = (try reader.readFinite(), try reader.readFinite())
        guard weight >= 0, squares >= 0, (count == 0) == (weight == 0) else {
            throw reader.damaged("a deviation has weight \(weight) of \(count) values")
        }
        self.init(discount: discount, count: count, mean: mean, weight: weight, squares: squares)
    }

    /// Takes on what was saved of a series with the same discount.
    mutating func restore(from reader: inout ByteReader) throws(BinaryCodingError) {
        self = try DiscountedDeviation(discount: discount, from: &reader)
    }
}
