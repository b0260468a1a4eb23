/// Fields that somebody else has found in a line, such as the named groups of a user's pattern.
///
/// A value, one per file or partition, as ``LogParser`` is.
public struct CapturedFields: Sendable {
    private let keys: KeyTable
    private let columns: [Column]
    private var roles = FieldRoles()
    private var carry: YearCarry

    /// - Parameter names: the fields' names; one that ends in `_us` or `_ms` gives a field without that
    ///   ending, in seconds. `time`, `level` and `message` and their like have the roles they have in JSON.
    /// - Parameter referenceYear: the year of the first line, where times state none.
    public init(names: [String], referenceYear: Int = 2000) {
        self.init(names: names, state: LogParser.State(year: referenceYear))
    }

    /// One that goes on where another one left `state`.
    public init(names: [String], state: LogParser.State) {
        columns = names.map { Column($0) }
        keys = KeyTable(columns.map(\.name))
        carry = YearCarry(year: state.year, month: state.month)
    }

    /// What earlier lines taught; save and restore it with the model.
    public var state: LogParser.State { LogParser.State(year: carry.year, month: carry.month) }

    /// Makes `record` hold the line and a field for each name, by the byte range that `range` gives for
    /// its index; nil makes it null. Ranges are clamped to the line.
    public mutating func assign(
        _ line: UnsafeBufferPointer<UInt8>,
        to record: inout ParsedRecord,
        range: (Int) -> Range<Int>?
    ) -> ParseOutcome {
        guard line.count < Int(Int32.max) else { return .failed(LogParseError(.lineTooLong, at: 0)) }
        record.load(line)
        record.keys = keys
        let shape = keys.shape
        record.build { builder in
            builder.shape = shape
            for index in columns.indices {
                let cell = (range(index) ?? 0..<0).clamped(to: 0..<line.count)
                let position = builder.count
                builder.append(tableKey: index, cell: cell)
                if columns[index].divisor != 1, position < builder.count {
                    builder.fields[position].number /= columns[index].divisor
                }
            }
        }
        roles.assign(to: &record, &carry)
        return .record
    }
}
