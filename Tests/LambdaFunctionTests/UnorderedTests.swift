import Compression
import DetectionPipeline
import JSONText
import LambdaFunction
import LambdaRuntime
import Testing

@Suite("Records without an order")
struct UnorderedTests {
    private func trained() throws -> World {
        let world = World()
        world.settings.learnsUnordered = true
        let environment = world.environment()
        for start in stride(from: 0, to: 300, by: 100) {
            _ = try environment.answer(Events.sqs(Array(start..<start + 100)))
        }
        #expect(world.storage.keys == ["timberline/model"])
        world.settings.learnsUnordered = false
        return world
    }

    @Test("need a trained model, and say so")
    func missing() throws {
        let error = #expect(throws: FunctionError.self) { try World().environment().answer(Events.sqs([1])) }
        #expect(error?.type == "Model.Missing")
    }

    @Test("give the same scores in any order and number, and nothing is written")
    func frozen() throws {
        let world = try trained()
        let writes = world.storage.writeCount
        let environment = world.environment()
        let answer = try environment.answer(Events.direct(Array(0..<100)))
        #expect(try environment.answer(Events.direct(Array(0..<100))) == answer)
        let scores = try scores(answer)
        #expect(scores.count == 100 && scores.allSatisfy { $0 != nil })
        #expect(
            try self.scores(environment.answer(Events.direct(Array((0..<100).reversed()))))
                == scores.reversed()
        )
        #expect(world.storage.writeCount == writes)
        #expect(world.storage.readCount > 0)
    }

    private func scores(_ answer: String) throws -> [Double?] {
        let body = try JSONValue(Array((JSONValue(Array(answer.utf8))["body"]?.string ?? "").utf8))
        return body["anomaly_scores"]?.array?.map(\.double) ?? []
    }

    @Test("answer a direct invocation with one score, or all and the highest")
    func direct() throws {
        let world = try trained()
        let environment = world.environment()
        let one = try JSONValue(Array(environment.answer(Events.direct([7])).utf8))
        #expect(one["statusCode"]?.integer == 200)
        let body = try JSONValue(Array((one["body"]?.string ?? "").utf8))
        let score = try #require(body["anomaly_score"]?.double)
        #expect(body.object?.count == 1 && score < 1.5)
        let both = try JSONValue(Array(environment.answer(Events.direct([99, 7])).utf8))
        let bodies = try JSONValue(Array((both["body"]?.string ?? "").utf8))
        #expect(bodies["anomaly_scores"]?.array?.last?.double == score)
        #expect(bodies["anomaly_scores"]?.array?.first == bodies["anomaly_score"])
        #expect(try #require(bodies["anomaly_score"]?.double) > 1.5)
        let empty = #expect(throws: FunctionError.self) { try environment.answer(#"{"records":[]}"#) }
        #expect(empty?.type == "Event.Empty")
        let unscored = #expect(throws: FunctionError.self) {
            try environment.answer(#"{"records":[{"value":null}]}"#)
        }
        #expect(unscored?.type == "Record.Unscored")
    }

    @Test("of SQS: identified by message, all reported where they fail")
    func sqs() throws {
        let world = try trained()
        let before = world.table.scores.count
        let environment = world.environment()
        #expect(try environment.answer(Events.sqs([1_000, 1_001])) == success)
        #expect(try environment.answer(Events.sqs([1_001, 1_000])) == success)
        #expect(world.table.scores.count == before + 2 && world.table.contradictions == 0)
        #expect(world.table.scores.keys.contains { $0.stream.origin == "sqs:arn:aws:sqs:r:a:q/m1000" })
        world.settings.reportsPartialBatches = true
        world.table.failures = [Failure()]
        #expect(
            try world.environment().answer(Events.sqs([1, 2]))
                == #"{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m2"}]}"#
        )
    }

    @Test(
        "of a FIFO queue: a message group that fails is reported, from its first message on; others are done"
    )
    func fifo() throws {
        let world = try trained()
        world.settings.reportsPartialBatches = true
        let before = world.table.scores.count
        let messages = [(1, "a"), (2, "b"), (3, "a"), (4, "b"), (5, "c")].map { index, group in
            #"{"messageId":"m\#(index)","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:r:a:q.fifo","#
                + #""body":"\#(Lines.line(index))","attributes":{"MessageGroupId":"\#(group)","SequenceNumber":"\#(index)"}}"#
        }
        let event = #"{"Records":[\#(messages.joined(separator: ","))]}"#
        // The sink's first call is for the first group.
        world.table.failures = [Failure()]
        let environment = world.environment()
        #expect(
            try environment.answer(event)
                == #"{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m3"}]}"#
        )
        #expect(world.table.scores.count == before + 3)
        #expect(try environment.answer(event) == success)
        #expect(world.table.scores.count == before + 5 && world.table.contradictions == 0)
    }

    @Test("of S3 are streamed, plain and compressed, and identified by object and place")
    func s3() throws {
        let world = try trained()
        let before = world.table.scores.count
        let text = Array((0..<2_345).map { Lines.line($0) + "\n" }.joined().utf8)
        world.objects.objects["plain"] = text
        let compressor = try Compressor(format: .gzip)
        var compressed: [UInt8] = []
        try text.withUnsafeBufferPointer { try compressor.feed($0) { compressed += $0 } }
        try compressor.finish { compressed += $0 }
        world.objects.objects["a b.gz"] = compressed
        let environment = world.environment()
        #expect(try environment.answer(Events.s3("plain")) == success)
        #expect(try environment.answer(Events.s3("a+b.gz")) == success)
        #expect(try environment.answer(Events.s3("plain")) == success)
        #expect(world.table.scores.count == before + 2 * 2_345)
        #expect(world.table.contradictions == 0)
        let last = try #require(
            world.table.scores.keys.filter { $0.stream.name == "b/a b.gz" }.map(\.offset).max()
        )
        #expect(last == Int64(text.count - Lines.line(2_344).utf8.count - 1))
        world.objects.objects["a b.gz"] = Array(compressed.dropLast(20))
        #expect(throws: CompressionError.self) { try environment.answer(Events.s3("a+b.gz")) }
        #expect(throws: Failure.self) { try environment.answer(Events.s3("absent")) }
    }

    @Test("learnt into one checkpoint lose no race")
    func learnt() throws {
        let world = World()
        world.settings.learnsUnordered = true
        let (one, other) = (world.environment(), world.environment())
        _ = try one.answer(Events.sqs(Array(0..<100)))
        world.storage.beforeWrite = { _ = try other.answer(Events.sqs(Array(100..<200))) }
        _ = try one.answer(Events.sqs(Array(200..<300)))
        #expect(world.storage.writeCount == 3)
        #expect(world.table.scores.count > 250)
    }
}
