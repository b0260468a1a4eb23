import AnomalyDetection
import DetectionPipeline
import Foundation
import HTTPClient
import HTTPTestSupport
import KafkaTestSupport
import Testing

@testable import HTTPConnector

@Suite("A webhook", .ownThread, .enabled(if: HTTPStub.isAvailable, "\(HTTPStub.absence)"))
struct WebhookTests {
    private func record(_ offset: Int64) -> ScoredRecord {
        let stream = RecordStream(origin: "kafka:c/t", name: "t", partition: 1)
        return ScoredRecord(
            identity: RecordIdentity(stream: stream, offset: offset, timestampMilliseconds: 5),
            time: nil,
            verdict: Verdict(score: 4.5, threshold: 3, isEarly: false, entity: "e", drivers: []),
            line: "line \(offset)."
        )
    }

    /// The identities in each request, and its status.
    private func posts(_ stub: HTTPStub) throws -> [(ids: [String], status: Int)] {
        try stub.requests.map { request in
            let json = try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any]
            let anomalies = try #require(json?["anomalies"] as? [[String: Any]])
            #expect(anomalies.allSatisfy { $0["score"] as? Double == 4.5 })
            return (anomalies.compactMap { $0["id"] as? String }, request.status)
        }
    }

    @Test("gets the records as JSON with their identities, so many at once, with the fields that are set")
    func post() throws {
        let stub = try HTTPStub()
        let sink = WebhookSink(
            HTTPClient(),
            url: stub.url,
            fields: [.init("Authorization", "Bearer x")],
            recordLimit: 4
        )
        try sink.store((0..<10).map(record))
        let ids = try posts(stub).map(\.ids)
        #expect(ids.map(\.count) == [4, 4, 2])
        #expect(ids.flatMap { $0 } == (0..<10).map { "kafka:c/t/1/\($0)/5" })
        #expect(stub.requests.allSatisfy { $0.fields["authorization"] == "Bearer x" && $0.method == "POST" })
        #expect(!sink.isIdempotent)
    }

    @Test("that is down in the middle gets the rest and nothing twice, once it is there again")
    func outage() throws {
        let stub = try HTTPStub()
        let sink = WebhookSink(HTTPClient(), url: stub.url, recordLimit: 2)
        var plan = HTTPStub.Plan()
        plan.poison = "line 4."
        plan.poisonStatus = 503
        try stub.answer(plan)
        let records = (0..<10).map(record)
        for _ in 0..<2 {
            #expect(throws: HTTPRefusal.self) { try sink.store(records) }
        }
        try stub.answer(HTTPStub.Plan())
        try sink.store(records)
        let acknowledged = try posts(stub).filter { $0.status == 200 }.flatMap(\.ids)
        #expect(acknowledged == (0..<10).map { "kafka:c/t/1/\($0)/5" })
        // The next records are all new.
        try sink.store((10..<12).map(record))
        #expect(try posts(stub).last?.ids == ["kafka:c/t/1/10/5", "kafka:c/t/1/11/5"])
    }

    @Test("says of what it refuses whether it is worth another try")
    func refusals() throws {
        let stub = try HTTPStub()
        let sink = WebhookSink(HTTPClient(), url: stub.url)
        for (status, kind) in [
            (422, FailureKind.poison), (429, .transient), (500, .transient), (404, .transient),
        ] {
            var plan = HTTPStub.Plan()
            plan.status = status
            try stub.answer(plan)
            do {
                try sink.store([record(0)])
                Issue.record("\(status) counted as taken")
            } catch {
                #expect((error as? any ClassifiedError)?.failureKind == kind, "\(status)")
            }
        }
    }
}
