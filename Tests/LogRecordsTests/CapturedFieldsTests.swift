import LogRecords
import Testing

@Suite("Fields captured by others")
struct CapturedFieldsTests {
    @Test("gives the captured ranges as fields, with their roles and units")
    func captured() {
        let line = Array("Dec 31 10:00:00 WARN GET took 250 -".utf8)
        var fields = CapturedFields(
            names: ["time", "level", "request_time_ms", "absent", "dash"],
            referenceYear: 2023
        )
        var record = ParsedRecord()
        let ranges: [Range<Int>?] = [0..<15, 16..<20, 30..<33, nil, 34..<999]
        let outcome = line.withUnsafeBufferPointer { fields.assign($0, to: &record) { ranges[$0] } }
        #expect(outcome == .record)
        var time = FieldReference("request_time")
        #expect(record.number(&time) == 0.25)
        #expect(record.level == .warning)
        #expect(record.timestamp == instant(2023, 12, 31, 10))
        var absent = FieldReference("absent")
        var dash = FieldReference("dash")
        #expect(record.string(&absent) == nil)
        #expect(record.string(&dash) == nil)
        var next = CapturedFields(names: ["time"], state: fields.state)
        _ = Array("Jan 1 10:00:00".utf8).withUnsafeBufferPointer { line in
            next.assign(line, to: &record) { _ in 0..<line.count }
        }
        #expect(record.timestamp == instant(2024, 1, 1, 10))
    }
}
