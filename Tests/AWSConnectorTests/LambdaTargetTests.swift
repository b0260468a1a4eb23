import AWSConnector
import AWSServices
import AWSTestSupport
import DetectionPipeline
import HTTPServer
import KafkaTestSupport
import LambdaRuntime
import Retries
import Telemetry
import Testing

@Suite("Forwarding to a function", .ownThread)
struct LambdaTargetTests {
    private typealias Batches = ForwardedBatches

    /// A function that answers as the test says, by the offsets that it is given.
    private func function(_ answer: @escaping @Sendable ([Int64]) -> HTTPResponse) throws -> AWSStub {
        try AWSStub { call in
            guard call.operation == "POST /2015-03-31/functions/f:live/invocations",
                case .kafka(let event)? = try? LambdaEvent(call.request.body), event.partitions.count == 1
            else { return .fault(404, "ResourceNotFoundException", "no such function") }
            return answer(event.partitions[0].records.map(\.offset))
        }
    }

    private func target(
        _ stub: AWSStub,
        allowedFailures: Int? = nil,
        limits: BatchLimits = BatchLimits(recordCount: 8, byteCount: .max)
    ) -> LambdaTarget {
        var client = AWSStub.quickSettings
        client.retries.maximumAttempts = 1
        var settings = LambdaTarget.Settings(functionName: "f:live", bootstrapServers: "b-1:9092,b-2:9092")
        settings.allowedFailures = allowedFailures
        return LambdaTarget(stub.client(client), settings, limits: limits, timeout: .seconds(20))
    }

    private func offsets(_ stub: AWSStub) throws -> [[Int64]] {
        try stub.calls.map { call in
            guard case .kafka(let event) = try LambdaEvent(call.request.body) else { return [] }
            return event.partitions.flatMap { $0.records.map(\.offset) }
        }
    }

    @Test("the event has all of the records, as a mapping gives them")
    func event() throws {
        let stub = try function { _ in HTTPResponse(text: "null", contentType: "application/json") }
        var batch = Batches.batch(
            5..<7,
            key: { $0 == 5 ? [0xff] : nil },
            value: { $0 == 6 ? nil : Array("x".utf8) }
        )
        batch.records[0].headers = [.init(name: "trace", value: [0x80, 1])]
        batch.records[1].isAppendTime = true
        try target(stub).send(batch)
        let call = try #require(stub.calls.first)
        #expect(
            call.service == "lambda" && call.request.headers["X-Amz-Invocation-Type"] == "RequestResponse"
        )
        #expect(
            call.body == #"""
                {"eventSource":"SelfManagedKafka","bootstrapServers":"b-1:9092,b-2:9092","records":{"app-logs-2":[\#
                {"topic":"app-logs","partition":2,"offset":5,"timestamp":1767607200005,"timestampType":"CREATE_TIME",\#
                "key":"/w==","value":"eA==","headers":[{"trace":[-128,1]}]},\#
                {"topic":"app-logs","partition":2,"offset":6,"timestamp":1767607200006,"timestampType":"LOG_APPEND_TIME",\#
                "value":null,"headers":[]}]}}
                """#
        )
    }

    @Test("records before the first failed one are done, and the rest comes again in its order")
    func partial() throws {
        let failed = Locked<Set<Int64>>([3, 5, 9])
        let stub = try function { offsets in
            let bad = failed.withLock { failed in offsets.filter { failed.remove($0) != nil } }
            let items = bad.reversed().map {
                "{\"itemIdentifier\":{\"partition\":\"app-logs-2\",\"offset\":\($0)}}"
            }
            return .json("{\"batchItemFailures\":[\(items.joined(separator: ","))]}")
        }
        let source = BatchSource([Batches.batch(0..<8), Batches.batch(8..<12)])
        let result = try Forwarder(source, to: target(stub)).run()
        #expect(result.forwarded == 12 && source.committed[Batches.stream] == 12)
        // 3 and 5 are reported at once, 9 in the next call.
        #expect(try offsets(stub) == [Array(0..<8), Array(3..<8), Array(8..<12), Array(9..<12)])
    }

    @Test(
        "a function that fails, throttling and malformed answers bring the same records again",
        arguments: [
            HTTPResponse(
                headers: ["X-Amz-Function-Error": "Unhandled"],
                body: Array(#"{"errorType":"E","errorMessage":"m"}"#.utf8)
            ),
            // As the emulator says it.
            HTTPResponse(text: #"{"errorType":"E","errorMessage":"m"}"#, contentType: "application/json"),
            HTTPResponse(text: "Task timed out after 3.00 seconds"),
            .json(#"{"batchItemFailures":[{"itemIdentifier":{"partition":"app-logs-2","offset":77}}]}"#),
            .json(#"{"batchItemFailures":[{"itemIdentifier":{"partition":"other-2","offset":0}}]}"#),
            .fault(429, "TooManyRequestsException", "Rate exceeded"),
            .fault(502, "Runtime.ExitError", "exit"),
            .fault(404, "ResourceNotFoundException", "no function"),
            .fault(403, "AccessDeniedException", "no"),
        ]
    )
    func again(answer: HTTPResponse) throws {
        let stub = try function { _ in .json("{}") }
        stub.inject(.answer(answer), .answer(answer))
        let letters = KeepingSink()
        let source = BatchSource([Batches.batch(0..<8)])
        let result = try Forwarder(source, to: target(stub), letters: letters).run()
        #expect(result.retries == 2 && result.forwarded == 8 && letters.letters.isEmpty)
        #expect(try offsets(stub) == Array(repeating: Array(0..<8), count: 3))
    }

    @Test("Retry-After says when to come again")
    func retryAfter() throws {
        let stub = try function { _ in .json("{}") }
        stub.inject(.answer(HTTPResponse(status: 429, headers: ["Retry-After": "7"], body: [])))
        let error = #expect(throws: AWSError.self) { try target(stub).send(Batches.batch(0..<1)) }
        #expect(error?.retryAfter == .seconds(7) && error?.failureKind == .transient)
    }

    @Test(
        "the record that makes a function fail is found after as many tries as allowed, and the rest goes on"
    )
    func blame() throws {
        let done = Locked<[Int64]>([])
        let stub = try function { offsets in
            if offsets.contains(5) {
                return HTTPResponse(headers: ["X-Amz-Function-Error": "Unhandled"], body: Array("{}".utf8))
            }
            done.withLock { $0 += offsets }
            return .json("{}")
        }
        let letters = KeepingSink()
        let source = BatchSource([Batches.batch(0..<8), Batches.batch(8..<16)])
        let result = try Forwarder(source, to: target(stub, allowedFailures: 3), letters: letters).run()
        #expect(done.withLock { $0 } == (0..<16).filter { $0 != 5 })
        #expect(letters.letters.map(\.identity.offset) == [5] && result.deadLetters == 1)
        #expect(source.committed[Batches.stream] == 16)
    }

    @Test("no event is larger than Lambda takes; a record that makes one is a dead letter")
    func size() throws {
        let sizes = Locked<[Int]>([])
        let stub = try AWSStub { call in
            sizes.withLock { $0.append(call.request.body.count) }
            return .json("{}")
        }
        let target = target(stub, limits: BatchLimits(recordCount: 100_000, byteCount: .max))
        let value = Array(repeating: UInt8(ascii: "x"), count: 100_000)
        let batch = Batches.batch(
            0..<100,
            value: { $0 == 50 ? Array(repeating: 1, count: 5_000_000) : value }
        )
        let letters = KeepingSink()
        let result = try Forwarder(BatchSource([batch]), to: target, letters: letters).run()
        #expect(result.forwarded == 99 && letters.letters.map(\.identity.offset) == [50])
        let seen = sizes.withLock { $0 }
        #expect(seen.allSatisfy { $0 <= 6_291_456 })
        // 46 of them fill an event.
        #expect(seen.count == 4 && (seen.max() ?? 0) > 6_291_456 - 140_000)
    }
}
