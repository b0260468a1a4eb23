import Testing
import TypedValues

@Suite struct ValueTypeTests {
    enum Format: String, CaseIterable { case text, json }

    @Test("reads integers as decimal only, within the range")
    func integers() throws {
        let type = ValueType.integer(in: 1...100)
        #expect(try type.value(of: "7") == 7)
        for text in ["0", "101", "", "1.0", "0x10", "010", "1_000", "99999999999999999999", "-", "٧"] {
            #expect(throws: ValueError.self, "\(text)") { try type.value(of: text) }
        }
        #expect(try ValueType.integer.value(of: "-12") == -12)
    }

    @Test("reads finite numbers only")
    func numbers() throws {
        #expect(try ValueType.number.value(of: "1e-3") == 0.001)
        for text in ["nan", "inf", "infinity", "0x1p3", "1e999", "", "1,5"] {
            #expect(throws: ValueError.self, "\(text)") { try ValueType.number.value(of: text) }
        }
        #expect(ValueType.number.text(of: 3) == "3")
        #expect(ValueType.number.text(of: 0.25) == "0.25")
    }

    @Test("suggests the choice that was probably meant")
    func choices() throws {
        let type = ValueType<Format>.choice
        #expect(try type.value(of: "json") == .json)
        let error = #expect(throws: ValueError.self) { try type.value(of: "jsno") }
        #expect(error?.suggestion == "json")
        #expect(error?.description == "'jsno' is not one of text, json; did you mean 'json'?")
    }

    @Test("holds durations and sizes to their range and says the bound with its unit")
    func ranges() {
        let duration = #expect(throws: ValueError.self) {
            try ValueType.duration(in: .seconds(1)...).value(of: "10ms")
        }
        #expect(duration?.problem == "is too small; the smallest is 1s")
        let size = #expect(throws: ValueError.self) {
            try ValueType.byteSize(in: .kibibytes(1) ... .mebibytes(1)).value(of: "2MiB")
        }
        #expect(size?.problem == "is too large; the largest is 1MiB")
    }

    @Test("never repeats the text in the message for secrets")
    func redaction() {
        for text in ["hunter2", "5hunter", ""] {
            let errors: [ValueError?] = [
                #expect(throws: ValueError.self) { try ValueType.integer.value(of: text) },
                #expect(throws: ValueError.self) { try ValueType.duration.value(of: text) },
                #expect(throws: ValueError.self) { try ValueType<Format>.choice.value(of: text) },
            ]
            for error in errors { #expect(error?.redactedMessage.contains("hunter") == false) }
        }
    }

    @Test("shows control characters escaped, and long texts cut")
    func quotation() {
        #expect(Quotation.quoted("a\u{1B}[31m\n") == "'a\\u{1b}[31m\\u{a}'")
        #expect(Quotation.quoted("\u{202E}x") == "'\\u{202e}x'")
        #expect(Quotation.quoted(String(repeating: "é", count: 100)).count == Quotation.limit + 3)
    }
}
