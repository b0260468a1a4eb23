/// Rows to learn, in the forms of training files.
public enum TrainingRows {
    /// The numbers of one line with commas between; nil where a field is no finite number.
    public static func csvRow(_ line: some Collection<UInt8>) -> [Double]? {
        var values: [Double] = []
        for field in line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let value = CSVRows.number(CSVRows.trimmed(Array(field)[...])), value.isFinite else {
                return nil
            }
            values.append(value)
        }
        return values
    }

    /// Reads the records of a RecordIO file one by one.
    ///
    /// - Parameter dimensions: values in a row; nil for those of the first record.
    /// - Throws: `EndpointError` that names the record, or what `body` throws.
    public static func forEachRecord(
        _ bytes: [UInt8],
        dimensions: Int?,
        _ body: ([Double]) throws -> Void
    ) throws {
        var dimensions = dimensions
        for (index, range) in try RecordIO.records(bytes).enumerated() {
            let tensor = try RecordIORows.tensor(bytes, range, record: index)
            let count = max(1, dimensions ?? tensor.shape?.first ?? tensor.values.count)
            guard count <= FeatureRows.valueLimit else {
                throw EndpointError(.tooManyValues, "record \(index) has \(count) values")
            }
            dimensions = count
            var row = FeatureRows(dimensions: count)
            do throws(EndpointError) { try row.append(tensor) } catch {
                throw EndpointError(error.code, "record \(index): \(error.message)")
            }
            try body(row.values)
        }
    }
}
