import Testing

@testable import EventSourceMapping

/// One record's value, and whether it passes.
struct FilterCase: Sendable, CustomTestStringConvertible {
    var pattern: String
    var value: String
    var passes: Bool

    init(_ pattern: String, _ value: String, _ passes: Bool) {
        (self.pattern, self.value, self.passes) = (pattern, value, passes)
    }

    var testDescription: String { "\(pattern) on \(value)" }
}

@Suite("Filters of a mapping")
struct FilterTests {
    private func passes(_ pattern: String, _ value: String?) throws -> Bool {
        try RecordFilter([pattern]).passes(value.map { Array($0.utf8)[...] })
    }

    /// Lambda's summary of comparison operators.
    static let operators = [
        FilterCase(#""UserID": [ null ]"#, #"{"UserID": null}"#, true),
        FilterCase(#""UserID": [ null ]"#, #"{"UserID": "u"}"#, false),
        FilterCase(#""UserID": [ null ]"#, #"{}"#, false),
        FilterCase(#""LastName": [""]"#, #"{"LastName": ""}"#, true),
        FilterCase(#""LastName": [""]"#, #"{"LastName": null}"#, false),
        FilterCase(#""LastName": [""]"#, #"{"LastName": "x"}"#, false),
        FilterCase(#""Name": [ "Alice" ]"#, #"{"Name": "Alice", "Other": 1}"#, true),
        FilterCase(#""Name": [ "Alice" ]"#, #"{"Name": "alice"}"#, false),
        FilterCase(#""Name": [ {"equals-ignore-case": "alice"} ]"#, #"{"Name": "ALICE"}"#, true),
        FilterCase(#""Name": [ {"equals-ignore-case": "alice"} ]"#, #"{"Name": "Alicia"}"#, false),
        FilterCase(
            #""Location": [ "New York" ], "Day": ["Monday"]"#,
            #"{"Location": "New York", "Day": "Monday"}"#,
            true
        ),
        FilterCase(
            #""Location": [ "New York" ], "Day": ["Monday"]"#,
            #"{"Location": "New York", "Day": "Friday"}"#,
            false
        ),
        FilterCase(#""Location": [ "New York" ], "Day": ["Monday"]"#, #"{"Location": "New York"}"#, false),
        FilterCase(#""PaymentType": [ "Credit", "Debit"]"#, #"{"PaymentType": "Debit"}"#, true),
        FilterCase(#""PaymentType": [ "Credit", "Debit"]"#, #"{"PaymentType": "Cash"}"#, false),
        FilterCase(
            #""$or": [ {"Location": [ "New York" ]}, {"Day": [ "Monday" ]} ]"#,
            #"{"Day": "Monday"}"#,
            true
        ),
        FilterCase(
            #""$or": [ {"Location": [ "New York" ]}, {"Day": [ "Monday" ]} ]"#,
            #"{"Day": "Friday"}"#,
            false
        ),
        FilterCase(#""Weather": [ {"anything-but": [ "Raining" ]} ]"#, #"{"Weather": "Sunny"}"#, true),
        FilterCase(#""Weather": [ {"anything-but": [ "Raining" ]} ]"#, #"{"Weather": "Raining"}"#, false),
        FilterCase(#""Weather": [ {"anything-but": [ "Raining" ]} ]"#, #"{}"#, false),
        FilterCase(#""Price": [ {"numeric": [ "=", 100 ]} ]"#, #"{"Price": 1e2}"#, true),
        FilterCase(#""Price": [ {"numeric": [ "=", 100 ]} ]"#, #"{"Price": "100"}"#, false),
        FilterCase(#""Price": [ {"numeric": [ ">", 10, "<=", 20 ]} ]"#, #"{"Price": 10}"#, false),
        FilterCase(#""Price": [ {"numeric": [ ">", 10, "<=", 20 ]} ]"#, #"{"Price": 10.5}"#, true),
        FilterCase(#""Price": [ {"numeric": [ ">", 10, "<=", 20 ]} ]"#, #"{"Price": 20}"#, true),
        FilterCase(#""Price": [ {"numeric": [ ">", 10, "<=", 20 ]} ]"#, #"{"Price": 20.1}"#, false),
        FilterCase(#""ProductName": [ {"exists": true} ]"#, #"{"ProductName": null}"#, true),
        FilterCase(#""ProductName": [ {"exists": true} ]"#, #"{"Product": 1}"#, false),
        FilterCase(#""ProductName": [ {"exists": false} ]"#, #"{"Product": 1}"#, true),
        FilterCase(#""ProductName": [ {"exists": false} ]"#, #"{"ProductName": "x"}"#, false),
        FilterCase(#""Region": [ {"prefix": "us-" } ]"#, #"{"Region": "us-east-1"}"#, true),
        FilterCase(#""Region": [ {"prefix": "us-" } ]"#, #"{"Region": "eu-us-1"}"#, false),
        FilterCase(#""FileName": [ {"suffix": ".png" } ]"#, #"{"FileName": "a.png"}"#, true),
        FilterCase(#""FileName": [ {"suffix": ".png" } ]"#, #"{"FileName": "a.png.gz"}"#, false),
    ]

    @Test("know every operator that Lambda lists", arguments: operators)
    func knowsOperators(_ example: FilterCase) throws {
        #expect(try passes("{\"value\": {\(example.pattern)}}", example.value) == example.passes)
    }

    /// Of EventBridge's rules, to which Lambda's refer.
    static let details = [
        // Numbers are numbers, however they are written; strings are no numbers.
        FilterCase(#""n": [300]"#, #"{"n": 3.0e2}"#, true),
        FilterCase(#""n": [300]"#, #"{"n": "300"}"#, false),
        FilterCase(#""n": ["300"]"#, #"{"n": 300}"#, false),
        FilterCase(#""n": [-0.5]"#, #"{"n": -0.50}"#, true),
        FilterCase(#""b": [true]"#, #"{"b": true}"#, true),
        FilterCase(#""b": [true]"#, #"{"b": "true"}"#, false),
        FilterCase(#""b": [false, null]"#, #"{"b": null}"#, true),
        // Byte by byte: é is not e with an accent.
        FilterCase("\"s\": [\"\u{e9}\"]", "{\"s\": \"\u{e9}\"}", true),
        FilterCase("\"s\": [\"\u{e9}\"]", "{\"s\": \"e\u{301}\"}", false),
        FilterCase(#""s": [{"prefix": "\u00e9"}]"#, "{\"s\": \"\u{e9}t\u{e9}\"}", true),
        // One element of an array is enough.
        FilterCase(#""tags": ["a"]"#, #"{"tags": ["b", "a"]}"#, true),
        FilterCase(#""tags": ["a"]"#, #"{"tags": ["b", ["a"]]}"#, true),
        FilterCase(#""tags": ["a"]"#, #"{"tags": ["b", {"a": "a"}]}"#, false),
        FilterCase(#""tags": [{"anything-but": "a"}]"#, #"{"tags": ["a", "b"]}"#, true),
        FilterCase(#""tags": [{"anything-but": "a"}]"#, #"{"tags": ["a"]}"#, false),
        // All fields of an element together.
        FilterCase(#""l": {"x": [1], "y": [2]}"#, #"{"l": [{"x": 1, "y": 3}, {"x": 1, "y": 2}]}"#, true),
        FilterCase(#""l": {"x": [1], "y": [2]}"#, #"{"l": [{"x": 1, "y": 3}, {"x": 0, "y": 2}]}"#, false),
        // An object is no leaf.
        FilterCase(
            #""person": {"address": [{"exists": true}]}"#,
            #"{"person": {"address": {"city": "x"}}}"#,
            false
        ),
        FilterCase(
            #""person": {"address": [{"exists": false}]}"#,
            #"{"person": {"address": {"city": "x"}}}"#,
            true
        ),
        FilterCase(#""a": {"b": [{"exists": false}]}"#, #"{}"#, true),
        FilterCase(#""a": {"b": [{"exists": false}]}"#, #"{"a": 5}"#, true),
        FilterCase(#""a": {"b": [{"exists": false}]}"#, #"{"a": [{"b": 1}, {"c": 1}]}"#, false),
        FilterCase(#""a": {"b": [{"exists": false}]}"#, #"{"a": []}"#, true),
        FilterCase(#""a": [{"exists": true}]"#, #"{"a": []}"#, false),
        FilterCase(#""a": ["x", {"exists": false}]"#, #"{"a": "x"}"#, true),
        FilterCase(#""a": ["x", {"exists": false}]"#, #"{"a": "y"}"#, false),
        FilterCase(#""a": ["x", {"exists": false}]"#, #"{"b": "y"}"#, true),
        // Exclusions.
        FilterCase(#""n": [{"anything-but": [1, 2]}]"#, #"{"n": 3}"#, true),
        FilterCase(#""n": [{"anything-but": [1, 2]}]"#, #"{"n": 2.0}"#, false),
        FilterCase(#""n": [{"anything-but": 5}]"#, #"{"n": "5"}"#, true),
        FilterCase(#""s": [{"anything-but": "x"}]"#, #"{"s": null}"#, true),
        FilterCase(#""s": [{"anything-but": {"prefix": "init"}}]"#, #"{"s": "initializing"}"#, false),
        FilterCase(#""s": [{"anything-but": {"prefix": "init"}}]"#, #"{"s": "running"}"#, true),
        FilterCase(#""s": [{"anything-but": {"prefix": ["a", "b"]}}]"#, #"{"s": "bx"}"#, false),
        FilterCase(#""s": [{"anything-but": {"suffix": ".png"}}]"#, #"{"s": "a.png"}"#, false),
        FilterCase(#""s": [{"anything-but": {"suffix": ".png"}}]"#, #"{"s": "a.jpg"}"#, true),
        FilterCase(#""s": [{"anything-but": {"equals-ignore-case": "Init"}}]"#, #"{"s": "INIT"}"#, false),
        // Ranges with one bound.
        FilterCase(#""n": [{"numeric": ["<", 0]}]"#, #"{"n": -1}"#, true),
        FilterCase(#""n": [{"numeric": ["<", 0]}]"#, #"{"n": 0}"#, false),
        FilterCase(#""n": [{"numeric": [">=", 1.5]}]"#, #"{"n": 1.5}"#, true),
        FilterCase(#""n": [{"numeric": [">=", 1.5]}]"#, #"{"n": null}"#, false),
        // Or, beside And and inside each other.
        FilterCase(
            #""a": [1], "$or": [{"b": [1]}, {"c": [1], "d": [1]}]"#,
            #"{"a": 1, "c": 1, "d": 1}"#,
            true
        ),
        FilterCase(#""a": [1], "$or": [{"b": [1]}, {"c": [1], "d": [1]}]"#, #"{"a": 1, "c": 1}"#, false),
        FilterCase(#""a": [1], "$or": [{"b": [1]}, {"c": [1], "d": [1]}]"#, #"{"b": 1}"#, false),
        FilterCase(
            #""x": {"$or": [{"b": [1]}, {"$or": [{"c": [1]}, {"d": [1]}]}]}"#,
            #"{"x": {"d": 1}}"#,
            true
        ),
        FilterCase(
            #""device_ID": [{"prefix": "AB"}]"#,
            #"{"device_ID": "AB1234", "session": {"duration": 162}}"#,
            true
        ),
        FilterCase(#""device_ID": [{"prefix": "AB"}]"#, #"[{"device_ID": "AB1234"}]"#, true),
        FilterCase(#""device_ID": [{"prefix": "AB"}]"#, #"{"device_ID": "XAB"}"#, false),
    ]

    @Test("compare as EventBridge does", arguments: details)
    func compares(_ example: FilterCase) throws {
        #expect(try passes("{\"value\": {\(example.pattern)}}", example.value) == example.passes)
    }

    @Test(
        "look at values that are plain text",
        arguments: [
            FilterCase(#"{"value": [{"anything-but": ["error"]}]}"#, "error", false),
            FilterCase(#"{"value": [{"anything-but": ["error"]}]}"#, "Hello, this is a test.", true),
            FilterCase(#"{"value": ["42"]}"#, "42", true),
            FilterCase(#"{"value": [{"prefix": "ERROR"}, {"suffix": "!"}]}"#, "ERROR disk", true),
            FilterCase(#"{"value": [{"prefix": "ERROR"}, {"suffix": "!"}]}"#, "all well", false),
            FilterCase(#"{"$or": [{"value": ["a"]}, {"value": ["b"]}]}"#, "b", true),
            FilterCase(#"{"$or": [{"value": ["a"]}, {"value": ["b"]}]}"#, "c", false),
        ]
    )
    func plainText(_ example: FilterCase) throws {
        #expect(try passes(example.pattern, example.value) == example.passes)
    }

    @Test(
        "do not look at values of another form than theirs, which pass",
        arguments: [
            FilterCase(#"{"value": {"a": [1]}}"#, "plain text", true),
            FilterCase(#"{"value": {"a": [1]}}"#, "42", true),
            FilterCase(#"{"value": {"a": [1]}}"#, #"{"a": 2"#, true),
            FilterCase(#"{"value": ["x"]}"#, #"{"a": 2}"#, true),
        ]
    )
    func otherForm(_ example: FilterCase) throws {
        #expect(try passes(example.pattern, example.value) == example.passes)
    }

    @Test("pass what is not UTF-8, and know a tombstone as null")
    func unreadable() throws {
        let text = try RecordFilter([#"{"value": ["x"]}"#])
        #expect(text.passes([0xff, 0xfe]))
        #expect(!text.passes(nil))
        #expect(try RecordFilter([#"{"value": [null]}"#]).passes(nil))
    }

    @Test("are alternatives of each other; without any, all pass")
    func alternatives() throws {
        let filter = try RecordFilter([#"{"value": {"a": [1]}}"#, #"{"value": {"b": [1]}}"#])
        #expect(filter.passes(Array(#"{"b": 1}"#.utf8)[...]))
        #expect(!filter.passes(Array(#"{"c": 1}"#.utf8)[...]))
        #expect(try RecordFilter().passes(nil))
    }

    @Test(
        "are refused where they are none, with the reason",
        arguments: [
            ("null", "not an object"),
            (#"[{"value": ["x"]}]"#, "not an object"),
            (#"{"value": ["x"]"#, "ends too early"),
            (#"{"value": ["x"]} x"#, "more behind"),
            ("{}", "Empty objects"),
            (#"{"value": {}}"#, "Empty objects"),
            (#"{"value": []}"#, "Empty arrays"),
            (#"{"value": "x"}"#, "must be an object or an array"),
            (#"{"value": {"a": 5}}"#, #""a" must be an object or an array"#),
            (#"{"value": {"a": [[1]]}}"#, "Match value must be"),
            (#"{"value": {"a": [{}]}}"#, "name not found"),
            (#"{"value": {"a": [{"prefix": "a", "suffix": "b"}]}}"#, "Only one key"),
            (#"{"value": {"a": [{"prefix": 5}]}}"#, "must be a string"),
            (#"{"value": {"a": [{"exists": "yes"}]}}"#, "true or false"),
            (#"{"value": {"a": [{"numeric": 5}]}}"#, "must be an array"),
            (#"{"value": {"a": [{"numeric": []}]}}"#, "elements"),
            (#"{"value": {"a": [{"numeric": ["!", 5]}]}}"#, "Unrecognized numeric range operator"),
            (#"{"value": {"a": [{"numeric": ["<", "5"]}]}}"#, "must be numeric"),
            (#"{"value": {"a": [{"numeric": [5, "<"]}]}}"#, "Invalid member"),
            (#"{"value": {"a": [{"numeric": ["<", 5, ">", 1]}]}}"#, "Unrecognized numeric range operator"),
            (#"{"value": {"a": [{"numeric": [">", 5, "<", 1]}]}}"#, "Bottom must be less than top"),
            (#"{"value": {"a": [{"numeric": ["=", 5, "<", 9]}]}}"#, "Unrecognized numeric range operator"),
            (#"{"value": {"a": [{"anything-but": []}]}}"#, "all values"),
            (#"{"value": {"a": [{"anything-but": [1, "x"]}]}}"#, "mixed type"),
            (#"{"value": {"a": [{"anything-but": [null]}]}}"#, "mixed type"),
            (#"{"value": {"a": [{"anything-but": null}]}}"#, "anything-but must be"),
            (#"{"value": {"a": [{"anything-but": {"prefix": ""}}]}}"#, "Null prefix"),
            (#"{"value": {"a": [{"anything-but": {"wildcard": "*"}}]}}"#, "Unsupported anything-but"),
            (#"{"value": {"a": [{"wildcard": "a*"}]}}"#, "Lambda's filters do not have"),
            (#"{"value": {"a": [{"cidr": "10.0.0.0/8"}]}}"#, "Lambda's filters do not have"),
            (#"{"value": {"a": [{"like": "a*"}]}}"#, "Unrecognized match type like"),
            (#"{"value": {"$or": [{"a": [1]}]}}"#, "at least 2"),
            (#"{"value": {"$or": {"a": [1]}}}"#, "Array followed with $or"),
            (#"{"value": {"$or": [1, 2]}}"#, "Only JSON object"),
            (#"{"value": {"$or": [{"numeric": [1]}, {"a": [1]}]}}"#, "reserved"),
            (#"{"topic": ["x"]}"#, #"not on "topic""#),
            (#"{"value": [{"exists": false}]}"#, "exists needs a field"),
            ("{\"value\": [\"\(String(repeating: "x", count: 4096))\"]}", "4096"),
        ]
    )
    func refused(_ pattern: String, _ reason: String) throws {
        let error = #expect(throws: FilterPatternError.self) { try FilterPattern(pattern) }
        #expect(error?.description.hasPrefix("Invalid filter pattern definition. ") ?? false)
        #expect(error?.reason.contains(reason) ?? false, "\(error?.reason ?? "")")
    }

    @Test("are five at most")
    func quota() throws {
        let pattern = #"{"value": ["x"]}"#
        #expect(try RecordFilter(Array(repeating: pattern, count: 5)).patterns.count == 5)
        #expect(throws: FilterPatternError.self) { try RecordFilter(Array(repeating: pattern, count: 6)) }
    }
}
