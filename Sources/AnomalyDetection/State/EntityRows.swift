import BinaryCoding

/// The rows of an entity since it was encoded whole, as bytes; see `StateForms`.
struct EntityRows {
    let name: [UInt8]
    /// Revision of the last record, after these rows.
    let lastUse: UInt64
    let log: RowLog

    /// Nil if the entity must be encoded whole for whoever holds everything up to `revision`.
    init?(_ entry: EntityTable.Entry, after revision: UInt64) {
        guard let log = entry.detector.rowLog, log.isComplete, log.base <= revision else { return nil }
        name = entry.name
        lastUse = entry.lastUse
        self.log = log
    }

    func encoded() -> [UInt8] {
        var sections = SectionWriter(StateForms.rows)
        sections.append(StateForms.RowsSection.rows) { writer in
            writer.write(counted: name)
            writer.write(log.base)
            writer.write(lastUse)
            writer.write(list: log.rows) { writer, row in
                writer.write(optional: row.timestamp) { $0.write($1) }
                for value in row.values { writer.write(value) }
            }
        }
        return sections.finish()
    }

    init(encoded bytes: [UInt8], featureCount: Int) throws(BinaryCodingError) {
        let sections = try SectionReader(bytes, StateForms.rows)
        var reader = try sections.requiredSection(StateForms.RowsSection.rows).reader
        name = try reader.readBytes()
        var log = RowLog(base: try reader.readCounter())
        lastUse = try reader.readCounter()
        let count = try reader.readCount(ofSize: 1 + 8 * featureCount)
        guard count <= RowLog.limit else { throw reader.damaged("\(count) rows") }
        var values = Array(repeating: 0.0, count: featureCount)
        for _ in 0..<count {
            let timestamp = try reader.readOptional { (reader) throws(BinaryCodingError) in
                try reader.read(Int64.self)
            }
            for index in values.indices { values[index] = try reader.readDouble() }
            values.withUnsafeBufferPointer { log.append($0, timestamp: timestamp) }
        }
        try reader.finish()
        self.log = log
    }

    /// Gives the rows to the entity as it was before them. Rows of an entity that was stored whole since are no
    /// more of use and change nothing. O(rows · cost of a record)
    func replay(on entry: inout EntityTable.Entry) {
        guard entry.lastUse == log.base else { return }
        for row in log.rows {
            row.values.withUnsafeBufferPointer { values in
                _ = entry.detector.judge(values, timestamp: row.timestamp)
            }
        }
        entry.lastUse = lastUse
    }
}
