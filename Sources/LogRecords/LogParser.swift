/// Reads the lines of one log, in order, into records.
///
/// A value: it holds what one line teaches about the next (the header of a CSV file, the year of a
/// syslog), so each partition or file has its own, and equal lines give equal records anywhere.
/// Parsing allocates nothing once the record has seen the longest line.
public struct LogParser: Sendable {
    /// How deep JSON may nest.
    public static let maximumDepth = 64
    /// How many columns a header may name.
    public static let maximumColumns = 1024

    public let format: LogFormat
    /// What earlier lines taught; save and restore it with the model.
    public internal(set) var state: State

    var keys: KeyTable
    var columns: [Column]
    /// Where the cells with a role of their own stand.
    var roles = FieldRoles()

    /// What earlier lines teach about later ones.
    public struct State: Sendable, Hashable, Codable {
        /// The year of the next time that states none.
        public var year: Int
        /// The month of the last such time; 0 before the first.
        public var month: Int
        /// The columns that a header line named.
        public var columns: [String]

        public init(year: Int, month: Int = 0, columns: [String] = []) {
            self.year = year
            self.month = month
            self.columns = columns
        }
    }

    /// - Parameter referenceYear: the year of the first line, for formats whose times state none.
    public init(format: LogFormat, referenceYear: Int = 2000) {
        self.init(format: format, state: State(year: referenceYear))
    }

    /// A parser that goes on where another one, of the same format, left `state`.
    public init(format: LogFormat, state: State) {
        self.format = format
        self.state = state
        keys = .empty
        columns = []
        switch format.body {
        case .json, .logfmt: break
        case .haproxy: keys = KeyTable(RecordBuilder.textKeys + RecordBuilder.haproxyKeys)
        case .access(let layout):
            columns = layout.extras.map { Column($0) }
            keys = layout.keys
        case .delimited(let layout):
            setColumns(state.columns.isEmpty ? layout.columns : state.columns)
        case .keyValue: keys = KeyTable(RecordBuilder.textKeys + RecordBuilder.requestKeys)
        case .text: keys = KeyTable(RecordBuilder.textKeys)
        }
    }

    /// Reads one line, without its end, into `record`; whatever `record` held is replaced.
    ///
    /// A failed or skipped line leaves the record without fields. Time linear in the line.
    public mutating func parse(
        _ line: UnsafeBufferPointer<UInt8>,
        into record: inout ParsedRecord
    ) -> ParseOutcome {
        guard line.count < Int(Int32.max) else { return .failed(LogParseError(.lineTooLong, at: 0)) }
        record.load(line)
        do throws(LogParseError) {
            if let reason = try parseLoaded(&record) {
                record.clear()
                return .skipped(reason)
            }
            return .record
        } catch {
            record.clear()
            return .failed(error)
        }
    }

    /// Reads a line given as an array; for tests and small jobs.
    public mutating func parse(_ line: [UInt8], into record: inout ParsedRecord) -> ParseOutcome {
        line.withUnsafeBufferPointer { parse($0, into: &record) }
    }

    private mutating func parseLoaded(
        _ record: inout ParsedRecord
    ) throws(LogParseError) -> ParseOutcome.SkipReason? {
        if record.isBlank(from: 0) { return .blank }
        var carry = YearCarry(year: state.year, month: state.month)
        let unwrapped = try unwrap(&record, &carry)
        if record.isBlank(from: unwrapped.start) { return .blank }
        if case .delimited(let layout) = format.body,
            let reason = readDirective(layout.dialect, record, from: unwrapped.start)
        {
            return reason
        }
        record.keys = keys
        try record.build { builder throws(LogParseError) in
            builder.shape = keys.shape
            switch format.body {
            case .json: try builder.parseJSON(from: unwrapped.start)
            case .logfmt: try builder.parseLogfmt(from: unwrapped.start)
            case .access(let layout):
                try builder.parseAccess(
                    from: unwrapped.start,
                    extras: columns,
                    hasVirtualHost: layout.hasVirtualHost
                )
            case .delimited(let layout):
                try builder.parseDelimited(
                    from: unwrapped.start,
                    layout.dialect,
                    columns,
                    separator: layout.separator
                )
            case .haproxy: builder.parseHAProxy(from: unwrapped.start, &carry)
            case .keyValue: builder.parseKeyValueText(from: unwrapped.start, &carry)
            case .text: builder.parseText(from: unwrapped.start, &carry)
            }
        }
        assignRoles(&record, &carry)
        state.year = carry.year
        state.month = carry.month
        if record.timestamp == nil { record.timestamp = unwrapped.time }
        if record.level == nil { record.level = unwrapped.level }
        return nil
    }

    private mutating func assignRoles(_ record: inout ParsedRecord, _ carry: inout YearCarry) {
        switch format.body {
        case .json, .logfmt, .delimited: roles.assign(to: &record, &carry)
        case .access, .haproxy, .keyValue, .text: break
        }
    }
}
