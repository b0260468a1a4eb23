import DetectionPipeline
import Foundation
import HTTPClient
import Testing

@testable import HTTPConnector

@Suite struct HTTPConnectorTests {
    /// A record with everything, a tombstone, and one whose bytes are no text.
    private let batch: RecordBatch = {
        var batch = RecordBatch(stream: RecordStream(origin: "kafka:c/t", name: "t", partition: 3))
        batch.bytes = Array("k\"v\nü".utf8) + [0xff, 0x00]
        batch.records = [
            .init(
                offset: 7,
                nextOffset: 8,
                timestampMilliseconds: 1_700_000_000_123,
                value: 2..<6,
                key: 0..<2,
                headers: [.init(name: "h", value: [65]), .init(name: "n", value: nil)]
            ),
            .init(offset: 8, nextOffset: 9, value: nil, key: 0..<1),
            .init(offset: 10, nextOffset: 11, value: 6..<8),
        ]
        return batch
    }()

    private func objects(_ form: HTTPBatchForm) throws -> [[String: Any]] {
        let body = form.body(batch)
        switch form {
        case .array:
            return try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [[String: Any]])
        case .lines:
            #expect(body.last == 10)
            return try body.split(separator: 10).map { line in
                try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            }
        }
    }

    @Test(
        "a batch in either form reads back by a JSON reader that is not ours",
        arguments: HTTPBatchForm.allCases
    )
    func forms(_ form: HTTPBatchForm) throws {
        let objects = try objects(form)
        #expect(objects.map { $0["offset"] as? Int } == [7, 8, 10])
        #expect(objects.allSatisfy { $0["topic"] as? String == "t" && $0["partition"] as? Int == 3 })
        #expect(objects[0]["timestamp"] as? Int == 1_700_000_000_123)
        #expect(objects[0]["key"] as? String == "k\"" && objects[0]["value"] as? String == "v\nü")
        let headers = try #require(objects[0]["headers"] as? [[String: Any]])
        #expect(headers[0]["value"] as? String == "A" && headers[1]["value"] is NSNull)
        #expect(objects[1]["value"] is NSNull)
        #expect(objects[2]["key"] is NSNull && objects[2]["value"] == nil)
        #expect(objects[2]["value_base64"] as? String == Data([0xff, 0x00]).base64EncodedString())
    }

    @Test("the name of a batch says which records are in it")
    func identityRange() {
        #expect(batch.identityRange == "kafka:c/t/3/7-10/1700000000123")
    }

    @Test(
        "each status says what becomes of the batch",
        arguments: [
            (200, nil), (202, nil), (204, nil), (301, .permanent), (304, .permanent), (400, .poison),
            (401, .transient), (403, .transient), (404, .transient), (408, .transient), (409, .poison),
            (413, .poison), (415, .poison), (422, .poison), (425, .transient), (429, .transient),
            (500, .transient), (501, .permanent), (502, .transient), (503, .transient), (504, .transient),
            (599, .transient),
        ] as [(Int, FailureKind?)]
    )
    func statuses(_ status: Int, _ kind: FailureKind?) {
        let refusal = HTTPRefusal(HTTPClient.Response(status: status))
        #expect(refusal?.failureKind == kind)
        #expect(refusal?.isThrottling ?? false == [429, 503].contains(status))
    }

    @Test("Retry-After is taken in seconds; a date is left to the backoff")
    func retryAfter() {
        func delay(_ text: String?) -> Duration? {
            let fields = text.map { [HTTPClient.Field("retry-after", $0)] } ?? []
            return HTTPRefusal(HTTPClient.Response(status: 503, fields: fields))?.retryAfter
        }
        #expect(delay("7") == .seconds(7) && delay("0") == .zero)
        #expect(delay(nil) == nil && delay("-1") == nil && delay("Wed, 21 Oct 2015 07:28:00 GMT") == nil)
    }

    @Test("a refusal shows the beginning of what the endpoint said, on one line")
    func excerpt() {
        let body = Array((String(repeating: "x", count: 190) + "\r\nsecond line" + "tail").utf8)
        let text = HTTPRefusal(HTTPClient.Response(status: 400, body: body))?.description ?? ""
        #expect(text.hasPrefix("answered 400: xxx") && text.hasSuffix("x second l"), "\(text)")
    }
}
