import DetectionPipeline
import Testing

@testable import KafkaConnector

@Suite struct DeadLetterCuttingTests {
    private func letter(value: Int?, key: Int? = 3, header: Int = 5, reason: Int = 9) -> DeadLetter {
        DeadLetter(
            identity: RecordIdentity(stream: RecordStream(origin: "kafka:c/t", name: "t"), offset: 1),
            key: key.map { Array(repeating: 1, count: $0) },
            value: value.map { Array(repeating: 2, count: $0) },
            headers: [.init(name: "trace", value: Array(repeating: 3, count: header))],
            reason: String(repeating: "r", count: reason),
            attempt: 2
        )
    }

    private func header(_ letter: DeadLetter, _ name: String) -> String? {
        letter.headers.first { $0.name == name }.map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }

    @Test("what fits stays as it is, to the last byte")
    func fits() {
        let letter = letter(value: 500, key: 250, header: 245, reason: 1_024)
        #expect(letter.cut(to: 1_000) == letter)
        #expect(letter.cut(to: 999) != letter)
    }

    @Test("a long value keeps its beginning, and a header says how long it was")
    func value() {
        let cut = letter(value: 501).cut(to: 1_000)
        #expect(cut.value == Array(repeating: 2, count: 500))
        #expect(header(cut, "timberline.cut.value") == "501")
        #expect(header(cut, "trace") != nil && cut.key?.count == 3 && cut.attempt == 2)
    }

    @Test("a long key, long headers and a long reason are cut too; the whole stays below the limit")
    func all() {
        let cut = letter(value: 1 << 20, key: 1 << 20, header: 1 << 20, reason: 1 << 20).cut(to: 5_000)
        #expect(cut.value?.count == 2_500 && cut.key?.count == 1_250 && cut.reason.utf8.count == 1_024)
        #expect(header(cut, "trace") == nil)
        for part in ["value", "key", "reason"] { #expect(header(cut, "timberline.cut.\(part)") == "1048576") }
        #expect(header(cut, "timberline.cut.headers") == "1048581")
        let bytes = cut.headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
        #expect(2_500 + 1_250 + 1_024 + bytes < 5_000)
    }

    @Test("a tombstone stays one")
    func tombstone() {
        #expect(letter(value: nil, key: 10_000).cut(to: 1_000).value == nil)
        #expect(letter(value: 10, key: nil, header: 10_000).cut(to: 1_000).key == nil)
    }
}
