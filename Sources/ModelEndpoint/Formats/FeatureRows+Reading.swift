extension ModelFormat {
    /// Reads the rows of a request.
    ///
    /// Nothing is taken for granted: a body that cannot be read whole is refused whole. O(body)
    ///
    /// - Parameter dimensions: the values that the model takes in a row.
    /// - Throws: what is wrong, and where.
    public func readRows(_ body: [UInt8], dimensions: Int) throws(EndpointError) -> FeatureRows {
        var rows = FeatureRows(dimensions: dimensions)
        switch self {
        case .json: try JSONRows.read(body, into: &rows)
        case .jsonLines: try JSONRows.readLines(body, into: &rows)
        case .csv: try CSVRows.read(body, into: &rows)
        case .recordIO: try RecordIORows.read(body, into: &rows)
        }
        guard rows.count > 0 else { throw EndpointError(.noRows, "there are no rows in the body") }
        return rows
    }
}
