import Configuration
import Testing

@Suite struct YAMLTests {
    private func tree(_ yaml: String, _ change: (inout YAMLLimits) -> Void = { _ in }) throws -> YAMLDocument
    {
        var limits = YAMLLimits()
        change(&limits)
        return try YAMLDocument(Array(yaml.utf8), name: "t", limits: limits)
    }

    private func code(_ yaml: String, _ change: (inout YAMLLimits) -> Void) -> ConfigurationError.Code? {
        do {
            _ = try tree(yaml, change)
            return nil
        } catch {
            return (error as? ConfigurationError)?.code
        }
    }

    @Test("holds each bound exactly: at it is fine, one past it is an error")
    func bounds() {
        #expect(code("[[1]]") { $0.depth = 2 } == nil)
        #expect(code("[[1]]") { $0.depth = 1 } == .tooLarge)
        #expect(code("[&a 1, *a, *a]") { $0.aliases = 2 } == nil)
        #expect(code("[&a 1, *a, *a]") { $0.aliases = 1 } == .tooLarge)
        #expect(code("a: 1") { $0.bytes = 4 } == nil)
        #expect(code("a: 1") { $0.bytes = 3 } == .tooLarge)
        #expect(code("[1, 2]") { $0.nodes = 3 } == nil)
        #expect(code("[1, 2]") { $0.nodes = 2 } == .tooLarge)
    }

    @Test("a billion laughs end at the budget, in no time")
    func laughs() {
        var yaml = "l0: &l0 lol\n"
        for level in 1...9 {
            let previous = Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "l\(level): &l\(level) [\(previous)]\n"
        }
        let start = ContinuousClock.now
        #expect(code(yaml) { _ in } == .tooLarge)
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test("deep nesting ends at the bound and not on the stack")
    func deep() {
        #expect(code(String(repeating: "[", count: 100_000)) { _ in } == .tooLarge)
        #expect(code(String(repeating: "- ", count: 100_000)) { _ in } == .tooLarge)
    }

    @Test("an alias to the collection around it is an error, not a cycle")
    func cycle() {
        #expect(code("&a [*a]") { _ in } == .syntax)
    }

    @Test("marks count lines and columns from 1, in characters")
    func marks() throws {
        guard case .mapping(let entries) = try tree("é: ä\nb:\n  c: [1, 'ö']\n").root?.content else { return }
        #expect(entries[0].value.mark == .init(line: 1, column: 4))
        guard case .mapping(let inner) = entries[1].value.content,
            case .sequence(let items) = inner[0].value.content
        else { return }
        #expect(inner[0].keyMark == .init(line: 3, column: 3))
        #expect(items[1].mark == .init(line: 3, column: 10))
    }

    @Test("quotes make a word of null")
    func nulls() throws {
        guard case .sequence(let items) = try tree("[null, 'null', ~, '', !!str null]").root?.content else {
            return
        }
        let nulls = items.map { if case .scalar(let scalar) = $0.content { scalar.isNull } else { false } }
        #expect(nulls == [true, false, true, false, false])
    }

    @Test("a mark at the beginning of the file is skipped, CRLF is a line break")
    func windows() throws {
        let document = try YAMLDocument([0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8), name: "t")
        guard case .mapping(let entries) = document.root?.content else {
            Issue.record("not a mapping")
            return
        }
        #expect(entries.map(\.key) == ["a", "b"])
    }

    @Test("any bytes give a tree or an error")
    func anything() {
        for seed in 0..<2000 { readBytes(seed: UInt64(seed)) }
    }

    private func readBytes(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        let alphabet = Array("ab:- \n\t[]{}*&!|>'\"#%@`?,~.0é\u{0}\u{85}\u{FEFF}".utf8) + [0xFF, 0xC3]
        let bytes = (0..<Int(seed % 120)).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return alphabet[Int(state >> 33) % alphabet.count]
        }
        do {
            _ = try YAMLDocument(bytes, name: "t")
        } catch {
            #expect(error.description.hasPrefix("t:"))
        }
    }
}
