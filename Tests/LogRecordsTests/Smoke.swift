import LogRecords
import Testing

@Test("reads a line") func readsALine() {
    var parser = LogParser(format: .json)
    var record = ParsedRecord()
    let outcome = parser.parse(Array(#"{"a":{"b.c":[1,2.5]}}"#.utf8), into: &record)
    #expect(outcome == .record)
    var reference = FieldReference("a.b.c.1")
    #expect(record.number(&reference) == 2.5)
}
