import JSONText
import Testing

@Suite("JSON's grammar")
struct GrammarTests {
    static let accepted: [(String, JSONValue)] = [
        ("null", .null), (" \t\r\n true \n", .boolean(true)), ("false", .boolean(false)),
        ("0", .integer(0)), ("-0", .integer(0)), ("-1", .integer(-1)),
        ("9007199254740993", .integer(9_007_199_254_740_993)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)),
        ("123456789012345678901234567890", .double(1.2345678901234568e29)),
        ("1.0", .double(1)), ("0.1", .double(0.1)), ("-2.5e-3", .double(-0.0025)), ("1E+2", .double(100)),
        ("1e2", .double(100)), ("0e0", .double(0)), ("1e-400", .double(0)),
        ("1545084650.987", .double(1_545_084_650.987)),
        ("179769313486231570000000000000000000000e270", .double(1.7976931348623157e308)),
        (#""""#, .string("")), (#""a\/b""#, .string("a/b")),
        (#""\"\\\b\f\n\r\t""#, .string("\"\\\u{8}\u{c}\n\r\t")),
        (#""\u0041\u00e9\u20AC""#, .string("A\u{e9}\u{20ac}")), (#""\uD83D\uDE00""#, .string("\u{1f600}")),
        (#""\u0000""#, .string("\0")), ("\"\u{7f}\u{e9}\u{1f600}\"", .string("\u{7f}\u{e9}\u{1f600}")),
        ("[]", .array([])), ("[ ]", .array([])),
        ("[1,[2],{}]", .array([.integer(1), .array([.integer(2)]), .object([:])])),
        ("{}", .object([:])), (#"{"":0}"#, .object(["": .integer(0)])),
        (#"{ "a" : [ ] , "b" : { } }"#, .object(["a": .array([]), "b": .object([:])])),
        (#"{"a":1,"\u0061":2}"#, .object(["a": .integer(2)])),
    ]

    @Test("reads what is JSON", arguments: accepted)
    func accepts(text: String, value: JSONValue) throws {
        #expect(try JSONValue(Array(text.utf8)) == value)
        var reader = JSONReader(Array(text.utf8))
        try reader.skipValue()
        try reader.finish()
    }

    static let refused: [(String, JSONError.Code, Int)] = [
        ("", .truncated, 0), ("  ", .truncated, 2), ("nul", .truncated, 3), ("nulL", .malformed, 3),
        ("True", .malformed, 0), ("NaN", .malformed, 0), ("Infinity", .malformed, 0), ("'a'", .malformed, 0),
        ("+1", .malformed, 0), ("-", .truncated, 1), ("-a", .malformed, 1), ("01", .malformed, 0),
        ("-012", .malformed, 1), ("1.", .truncated, 2), (".5", .malformed, 0), ("1.e2", .malformed, 2),
        ("1e", .truncated, 2), ("1e+", .truncated, 3), ("1e1.5", .malformed, 3), ("0x1", .malformed, 1),
        ("1e400", .outOfRange, 0), ("1 2", .malformed, 2), ("1,", .malformed, 1), ("[1]]", .malformed, 3),
        ("[", .truncated, 1), ("[1", .truncated, 2), ("[1,", .truncated, 3), ("[1,]", .malformed, 3),
        ("[,1]", .malformed, 1), ("[1 2]", .malformed, 3), ("[1}", .malformed, 2), ("[1:2]", .malformed, 2),
        ("{", .truncated, 1), ("{]", .malformed, 1), (#"{"a"}"#, .malformed, 4), (#"{"a":}"#, .malformed, 5),
        (#"{"a":1,}"#, .malformed, 7), (#"{"a":1 "b":2}"#, .malformed, 7), ("{1:2}", .malformed, 1),
        (#"{"a":1"#, .truncated, 6), (#"{"a""#, .truncated, 4), (#"{a:1}"#, .malformed, 1),
        (#"""#, .truncated, 1), (#""abc"#, .truncated, 4), ("\"a\nb\"", .malformed, 2),
        ("\"\t\"", .malformed, 1),
        ("\"\0\"", .malformed, 1), (#""\"#, .truncated, 2), (#""\""#, .truncated, 3),
        (#""\x""#, .malformed, 1),
        (#""\u12"#, .truncated, 5), (#""\u12G4""#, .malformed, 1), (#""\u 123""#, .malformed, 1),
        (#""\U0041""#, .malformed, 1),
        ("/* */1", .malformed, 0), ("\u{feff}1", .malformed, 0), ("\u{a0}1", .malformed, 0),
        ("[1]#", .malformed, 3),
    ]

    @Test("refuses what is not, with the place", arguments: refused)
    func refuses(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(Array(text.utf8)) }
        #expect(error?.code == code, "\(text): \(error?.message ?? "")")
        #expect(error?.offset == offset, "\(text): \(error?.message ?? "")")
    }

    @Test("skips exactly what it reads", arguments: refused)
    func refusesToSkip(text: String, code: JSONError.Code, offset: Int) {
        // A number's size matters only to who wants it.
        guard code != .outOfRange else { return }
        #expect(throws: JSONError.self) {
            var reader = JSONReader(Array(text.utf8))
            try reader.skipValue()
            try reader.finish()
        }
    }

    @Test("bounds the depth, at the bound and one past it")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONValue(nested(JSONReader.standardDepth))
        #expect(throws: JSONError(.tooDeep, at: 128, "more than 128 objects and arrays in each other")) {
            try JSONValue(nested(JSONReader.standardDepth + 1))
        }
        // One behind the other is not one in the other.
        _ = try JSONValue(Array("[[],[],{},[{}]]".utf8), maximumDepth: 3)
        #expect(throws: JSONError.self) {
            try JSONValue(Array(String(repeating: #"{"a":"#, count: 100_000).utf8))
        }
    }

    @Test("makes half a surrogate pair and broken UTF-8 U+FFFD")
    func replaced() throws {
        for text in [#""\ud83d""#, #""\ude00""#, #""\ud83dx""#, #""\ud83d\n""#] {
            let value = try #require(try JSONValue(Array(text.utf8)).string)
            #expect(value.unicodeScalars.first == "\u{fffd}", "\(text)")
        }
        #expect(try JSONValue(Array(#""\ud83d\ud83d\ude00""#.utf8)).string == "\u{fffd}\u{1f600}")
        #expect(try JSONValue([0x22, 0x61, 0xff, 0x22]).string == "a\u{fffd}")
    }

    @Test("finds the end of a string wherever it lies in a word")
    func words() throws {
        for length in 0..<40 {
            for special in ["\\\"", "\\\\", "\u{e9}", "\u{80}", "\\n", "\u{7f}", "!", "#", "[", "]"] {
                for place in 0...length {
                    let plain =
                        String(repeating: "x", count: place) + special
                        + String(repeating: "y", count: length - place)
                    let expected = plain.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
                        .replacing("\\n", with: "\n")
                    #expect(
                        try JSONValue(Array("[\"\(plain)\",1]".utf8))
                            == .array([.string(expected), .integer(1)])
                    )
                }
            }
        }
    }
}
