import Foundation
import SeededNumbers
import Testing

@testable import ModelEndpoint

private func rows(_ format: ModelFormat, _ text: String, dimensions: Int = 3) throws -> FeatureRows {
    try format.readRows(Array(text.utf8), dimensions: dimensions)
}

@Suite struct FormatTests {
    @Test(
        "JSON is read in every spelling",
        arguments: [
            #"{"instances":[{"features":[1,2.5,-3]},{"features":[4,5,6e1]}]}"#,
            #"{"instances":[{"data":{"features":{"values":[1,2.5,-3]}}},{"data":{"features":{"values":[4,5,60]}}}]}"#,
            #"{"instances":[{"data":{"features":{"values":[2.5,-3,1],"keys":[1,2,0],"shape":[3]}}},[4,5,60]]}"#,
            #" { "configuration" : {"a":[1]}, "instances" : [ {"id":7,"features":[1,2.5,-3]}, {"data":{"label":1,"features":[4,5,60]}} ] } "#,
            "[[1,2.5,-3],[4,5,60]]", " [ [1 , 2.5,-3 ]\n,[4,5,60]]\n",
        ]
    )
    func json(text: String) throws {
        let rows = try rows(.json, text)
        #expect(rows.values == [1, 2.5, -3, 4, 5, 60] && rows.count == 2)
        #expect(rows.isBare == text.contains("[[") || text.contains("[ ["))
    }

    @Test("a row alone, without brackets around it, is one row")
    func flatRow() throws {
        let rows = try rows(.json, "[0.45, 200, 1200]")
        #expect(rows.values == [0.45, 200, 1_200] && rows.isBare)
    }

    @Test("a sparse row has zeros where it has no keys")
    func sparse() throws {
        let text = #"{"instances":[{"data":{"features":{"keys":[0,3],"shape":[4],"values":[1,4]}}}]}"#
        #expect(try rows(.json, text, dimensions: 4).values == [1, 0, 0, 4])
    }

    @Test(
        "JSON lines and CSV may end with or without a line break, and have blank lines and carriage returns"
    )
    func lines() throws {
        for end in ["", "\n", "\r\n", "\n \n"] {
            let json = "{\"features\":[1,2,3]}\r\n\n{\"data\":{\"features\":{\"values\":[4,5,6]}}}" + end
            #expect(try rows(.jsonLines, json).values == [1, 2, 3, 4, 5, 6])
            #expect(try rows(.csv, "1, 2,3\r\n\n4.0,5e0 ,+6" + end).values == [1, 2, 3, 4, 5, 6])
        }
    }

    @Test(
        "what cannot be read is refused, with the place",
        arguments: [
            (ModelFormat.json, "", .malformedBody, "ends too early"),
            (.json, "nonsense", .malformedBody, "byte 0"), (.json, "{}", .malformedBody, "instances"),
            (.json, #"{"instances":[]}"#, .noRows, "no rows"), (.json, "[]", .noRows, "no rows"),
            (.json, "[[1,2,3]] x", .malformedBody, "byte 10"),
            (.json, #"{"instances":[{}]}"#, .malformedBody, "row 0 has no \"features\""),
            (.json, #"{"instances":[],"instances":[[1,2,3]]}"#, .malformedBody, "twice"),
            (.json, #"{"instances":[{"features":[1,2,3],"features":[1,2,3]}]}"#, .malformedBody, "twice"),
            (.json, "[[1,2,3],[1,2]]", .wrongDimensions, "row 1 has 2 values, the model takes 3"),
            (.json, "[[1,2,3,4]]", .wrongDimensions, "row 0 has more than 3 values"),
            (.json, "[[1,NaN,3]]", .notFinite, "NaN at byte 4"),
            (.json, "[[1,2,-Infinity]]", .notFinite, "Infinity at byte 7"),
            (.json, "[[1,2,1e999]]", .notFinite, "too large"),
            (.json, "[[1,null,3]]", .malformedBody, "expected number, found null"),
            (.json, "[[1,\"2\",3]]", .malformedBody, "expected number, found string"),
            (
                .json, #"{"instances":[{"data":{"features":{"values":[1],"keys":[0],"shape":[4]}}}]}"#,
                .wrongDimensions, "shape [4]"
            ),
            (
                .json, #"{"instances":[{"data":{"features":{"values":[1],"keys":[3]}}}]}"#,
                .wrongDimensions, "key 3"
            ),
            (
                .json, #"{"instances":[{"data":{"features":{"values":[1],"keys":[0,1]}}}]}"#,
                .malformedBody, "2 keys for 1 values"
            ),
            (.jsonLines, "{\"features\":[1,2,3]}\n{\"features\":[1,2]}", .wrongDimensions, "row 1"),
            (.jsonLines, "{\"features\":[1,2,3]} {\"features\":[1,2,3]}", .malformedBody, "byte 21"),
            (.csv, "1,2\n", .wrongDimensions, "row 0 has 2 values"), (.csv, "\n\n", .noRows, "no rows"),
            (.csv, "a,b,c\n1,2,3", .malformedBody, "value 0 of row 0 is \"a\""),
            (.csv, "1,,3", .malformedBody, "value 1 of row 0 is empty"),
            (.csv, "1,2,0x10", .malformedBody, "no number"),
            (.csv, "1,nan,3", .notFinite, "value 1 of row 0"),
            (.csv, "1,2,3\n1,2,inf", .notFinite, "value 2 of row 1"),
        ] as [(ModelFormat, String, EndpointError.Code, String)]
    )
    func refused(format: ModelFormat, text: String, code: EndpointError.Code, message: String) throws {
        let error = try #require(throws: EndpointError.self) { try rows(format, text) }
        #expect(error.code == code && error.message.contains(message), "\(error)")
    }

    @Test("values inside each other without end are refused")
    func depth() throws {
        let error = try #require(throws: EndpointError.self) {
            try rows(.json, "{\"x\":" + String(repeating: "[", count: 100_000))
        }
        #expect(error.code == .malformedBody && error.message.contains("in each other"))
    }

    @Test("few bytes of sparse rows cannot ask for all memory")
    func valueLimit() throws {
        let row = #"{"data":{"features":{"keys":[0],"values":[1]}}}"#
        let text = #"{"instances":["# + Array(repeating: row, count: 300).joined(separator: ",") + "]}"
        let error = try #require(throws: EndpointError.self) { try rows(.json, text, dimensions: 16_384) }
        #expect(error.code == .tooManyValues && error.status == 413)
    }

    @Test(
        "no prefix of a good body and no changed byte of it ends the reader",
        arguments: ModelFormat.allCases
    )
    func mutations(format: ModelFormat) throws {
        let good = sample(format)
        #expect(try format.readRows(good, dimensions: 4).count == 2)
        for end in good.indices { _ = try? format.readRows(Array(good[..<end]), dimensions: 4) }
        var random = SeededGenerator(seed: 3)
        for _ in 0..<4_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            if let rows = try? format.readRows(bytes, dimensions: 4) {
                #expect(rows.values.count % 4 == 0 && rows.values.allSatisfy(\.isFinite))
            }
        }
    }

    private func sample(_ format: ModelFormat) -> [UInt8] {
        switch format {
        case .json:
            Array(
                #"{"instances":[{"features":[1.5,16,14,23]},{"data":{"features":{"keys":[0,3],"shape":[4],"values":[1,4]}}}]}"#
                    .utf8
            )
        case .jsonLines: Array("{\"features\":[1.5,16,14,23]}\n[1,2,3,4]\n".utf8)
        case .csv: Array("1.5,16,14,23\n-2,1e2,15.2,.5\n".utf8)
        case .recordIO: RecordIOSample.rows
        }
    }
}

@Suite struct NegotiationTests {
    @Test(
        "content types lead to their format, JSON where there is none",
        arguments: [
            (nil, .json), ("application/json", .json), ("Application/JSON; charset=utf-8", .json),
            ("application/jsonlines", .jsonLines), ("text/csv", .csv), ("text/csv;label_size=0", .csv),
            ("text/csv; Label_Size=\"0\"", .csv), ("application/x-recordio-protobuf", .recordIO),
        ] as [(String?, ModelFormat)]
    )
    func contentType(field: String?, format: ModelFormat) throws {
        #expect(try ModelFormat(contentType: field) == format)
    }

    @Test(
        "other content types are refused, and CSV with labels",
        arguments: ["text/plain", "", "text/csv;label_size=1"]
    )
    func unsupported(field: String) throws {
        let error = try #require(throws: EndpointError.self) { try ModelFormat(contentType: field) }
        #expect(error.code == .unsupportedContentType && error.status == 415)
    }

    @Test(
        "the best of the accepted types is answered",
        arguments: [
            (nil, .json), ("*/*", .json), ("application/*", .json), ("text/*", .csv),
            ("application/jsonlines", .jsonLines), ("text/html, application/x-recordio-protobuf", .recordIO),
            ("application/json;q=0.5, text/csv;q=0.9", .csv), ("application/json;q=0, */*;q=0.1", .json),
            ("text/html;q=1, application/jsonlines;q=0.1, image/png", .jsonLines),
        ] as [(String?, ModelFormat)]
    )
    func accept(field: String?, format: ModelFormat) throws {
        #expect(try ModelFormat(accept: field) == format)
    }

    @Test("what cannot be written is refused", arguments: ["text/html", "application/json;q=0", "image/*"])
    func notAcceptable(field: String) throws {
        let error = try #require(throws: EndpointError.self) { try ModelFormat(accept: field) }
        #expect(error.code == .notAcceptable && error.status == 406)
    }
}

@Suite struct ScoreFormatTests {
    @Test("scores are written in each format")
    func write() {
        func text(_ format: ModelFormat, isBare: Bool = false) -> String {
            String(decoding: format.write([1.0042453343, 2], isBare: isBare), as: UTF8.self)
        }
        #expect(text(.json) == #"{"scores":[{"score":1.0042453343},{"score":2}]}"#)
        #expect(text(.json, isBare: true) == #"{"scores":[1.0042453343,2]}"#)
        #expect(text(.jsonLines) == "{\"score\":1.0042453343}\n{\"score\":2}\n")
        #expect(text(.csv) == "1.0042453343\n2.0\n")
    }
}
