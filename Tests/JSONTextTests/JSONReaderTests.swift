import AllocationCounter
import JSONText
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
    @Test("follows a text in one pass, skipping what it is not asked for")
    func follows() throws {
        let text =
            #"{"skipped":{"a":[1,{"b":null}]},"offset":9007199254740993,"value":"QQ==","time":1.5,"key":null,"last":true}"#
        var json = JSONReader(Array(text.utf8))
        var offset: Int64?
        var value: [UInt8] = []
        var time = 0.0
        var isNull = false
        var last = false
        try json.enterObject()
        while let key = try json.nextKey() {
            switch key {
            case "offset": offset = try json.readInteger()
            case "value": try json.readString().appendDecodedBase64(to: &value)
            case "time": time = try json.readDouble()
            case "key": isNull = try json.readNull()
            case "last": last = try json.readBoolean()
            default: try json.skipValue()
            }
        }
        try json.finish()
        #expect(offset == 9_007_199_254_740_993)
        #expect(value == [0x41])
        #expect(time == 1.5)
        #expect(isNull && last)
    }

    @Test("gives the place of a value that it skips")
    func places() throws {
        let bytes = Array(#" [ {"a": "]"} , 12 ]"#.utf8)
        var json = JSONReader(bytes)
        var parts: [String] = []
        try json.enterArray()
        while try json.nextElement() {
            parts.append(String(decoding: bytes[try json.skipValue()], as: UTF8.self))
        }
        #expect(parts == [#"{"a": "]"}"#, "12"])
    }

    @Test("reads a part of the bytes and no further")
    func part() throws {
        let bytes = Array("xx12345".utf8)
        var json = JSONReader(bytes, range: 2..<5)
        #expect(try json.readInteger() == 123)
        try json.finish()
        var cut = JSONReader(Array(#""abcdefghijkl""#.utf8), range: 0..<9)
        #expect(throws: JSONError(.truncated, at: 9, "the text ends too early")) { try cut.readString() }
    }

    @Test("says what it found instead of what it was asked for")
    func kinds() {
        var json = JSONReader(Array(" 12".utf8))
        #expect(throws: JSONError(.unexpectedKind, at: 1, "expected string, found number")) {
            try json.readString()
        }
        #expect(throws: JSONError(.unexpectedKind, at: 1, "expected object, found number")) {
            try json.enterObject()
        }
        for text in ["1.5", "1e3", "9223372036854775808", "-9223372036854775809", "1.0"] {
            var json = JSONReader(Array(text.utf8))
            #expect(throws: JSONError(.outOfRange, at: 0, "no integer of 64 bits")) { try json.readInteger() }
        }
    }

    @Test("compares keys by what they mean")
    func keys() throws {
        for (text, isTopic) in [
            (#""topic""#, true), (#""t\u006fpic""#, true), (#""topics""#, false), (#""topik""#, false),
            (#""""#, false),
        ] {
            var json = JSONReader(Array(text.utf8))
            let key = try json.readString()
            #expect((key == "topic") == isTopic, "\(text)")
        }
    }

    @Test(
        "allocates nothing for a record of an event",
        .enabled(if: allocation_counter_is_supported(), "allocations are not counted here")
    )
    func allocations() throws {
        func event(_ count: Int) -> [UInt8] {
            let record =
                #"{"topic":"my-log-topic","partition":3,"offset":15,"time":1.25,"value":"QUJDREVGRw==","h":[{"k":[1,-2]}]}"#
            return Array("[\(Array(repeating: record, count: count).joined(separator: ","))]".utf8)
        }
        func cost(_ bytes: [UInt8]) throws -> UInt64 {
            var target: [UInt8] = []
            target.reserveCapacity(bytes.count)
            let before = allocation_count()
            var json = JSONReader(bytes)
            try json.enterArray()
            while try json.nextElement() {
                try json.enterObject()
                while let key = try json.nextKey() {
                    switch key {
                    case "offset": _ = try json.readInteger()
                    case "time": _ = try json.readDouble()
                    case "value": try json.readString().appendDecodedBase64(to: &target)
                    default: try json.skipValue()
                    }
                }
            }
            try json.finish()
            return allocation_count() - before
        }
        _ = try cost(event(1))
        #expect(try cost(event(1_000)) == cost(event(1)))
    }
}
