import DetectionPipeline
import JSONText
import LambdaFunction
import LambdaRuntime
import Telemetry
import Testing

@Suite("Batches of ordered streams")
struct OrderedStreamTests {
    /// What one environment makes of all records, batch by batch.
    private func expected(_ batches: [String]) throws -> [RecordIdentity: Double] {
        let world = World()
        let environment = world.environment()
        for batch in batches { #expect(try environment.answer(batch) == success) }
        return world.table.scores
    }

    private func kafka(_ ranges: [Range<Int>]) -> [String] { ranges.map { Events.kafka([3: Array($0)]) } }

    @Test("are scored from one warm model, whose checkpoint is written and never read again")
    func warm() throws {
        let world = World()
        let environment = world.environment()
        for event in kafka([0..<100, 100..<200, 200..<300]) {
            #expect(try environment.answer(event) == success)
        }
        #expect(world.table.scores.count > 250)
        #expect(world.table.scores.filter { $0.value > 1.5 }.keys.map(\.offset).contains(199))
        #expect(world.storage.keys.map { $0.hasSuffix("/app-logs/3") } == [true])
        #expect(world.storage.readCount == 1 && world.storage.writeCount == 3)
    }

    @Test("give the same bits however environments take turns, with overlaps and repetitions")
    func turns() throws {
        let all = try expected(kafka([0..<100, 100..<200, 200..<300, 300..<400]))
        let world = World()
        let (one, other) = (world.environment(), world.environment())
        for (environment, range) in [
            (one, 0..<100), (other, 100..<200), (one, 200..<300), (other, 200..<300), (one, 150..<250),
            (other, 250..<400),
            (one, 0..<400),
        ] {
            #expect(try environment.answer(Events.kafka([3: Array(range)])) == success)
        }
        #expect(world.table.scores == all)
        #expect(world.table.contradictions == 0)
    }

    @Test("are sorted and rid of repetitions within a batch")
    func order() throws {
        let world = World()
        #expect(
            try world.environment().answer(Events.kafka([3: (0..<100).reversed() + [50, 50]])) == success
        )
        #expect(world.table.scores == (try expected(kafka([0..<100]))))
    }

    @Test("go on over a gap that is real, after one look at the checkpoint")
    func gap() throws {
        let world = World()
        let environment = world.environment()
        #expect(try environment.answer(Events.kafka([3: Array(0..<100)])) == success)
        #expect(try environment.answer(Events.kafka([3: Array(120..<200)])) == success)
        #expect(world.storage.readCount == 2)
        #expect(world.table.scores.keys.contains { $0.offset == 199 })
    }

    @Test("survive a lost race: the winner's records are duplicates, none is scored otherwise")
    func race() throws {
        let world = World()
        let (one, other) = (world.environment(), world.environment())
        #expect(try one.answer(Events.kafka([3: Array(0..<100)])) == success)
        world.storage.beforeWrite = { _ = try other.answer(Events.kafka([3: Array(100..<150)])) }
        #expect(try one.answer(Events.kafka([3: Array(100..<200)])) == success)
        #expect(world.table.contradictions == 0)
        #expect(world.table.scores == (try expected(kafka([0..<100, 100..<200]))))
    }

    @Test("begin anew without a checkpoint that somebody removed")
    func missingCheckpoint() throws {
        let world = World()
        let environment = world.environment()
        #expect(try environment.answer(Events.kafka([3: Array(0..<100)])) == success)
        let keys = world.storage.keys
        for key in keys { world.storage.remove(key) }
        #expect(try environment.answer(Events.kafka([3: Array(100..<200)])) == success)
        #expect(world.storage.keys == keys && keys.count == 1)
    }

    @Test("of two clusters with the same topic have models of their own")
    func clusters() throws {
        let world = World()
        let environment = world.environment()
        let event = Events.kafka([3: Array(0..<100)])
        let other = event.replacing(#""b:9092""#, with: #""c:9092""#)
        #expect(try environment.answer(event) == success)
        #expect(try environment.answer(other) == success)
        #expect(world.storage.keys.count == 2)
        // The same cluster, its servers in another order.
        let pair = event.replacing(#""b:9092""#, with: #""b:9092,c:9092""#)
        #expect(try environment.answer(pair) == success)
        #expect(try environment.answer(event.replacing(#""b:9092""#, with: #""c:9092,b:9092""#)) == success)
        #expect(world.storage.keys.count == 3)
    }

    @Test("of Kinesis: repeated and taken over by sequence number")
    func kinesis() throws {
        let world = World()
        let (one, other) = (world.environment(), world.environment())
        for (environment, range) in [
            (one, 0..<100), (one, 50..<150), (other, 150..<250), (one, 250..<300), (one, 250..<300),
        ] {
            #expect(try environment.answer(Events.kinesis(Array(range))) == success)
        }
        #expect(world.table.contradictions == 0)
        let single = World()
        let environment = single.environment()
        for range in [0..<100, 100..<200, 200..<300] {
            _ = try environment.answer(Events.kinesis(Array(range)))
        }
        #expect(world.table.scores == single.table.scores)
    }

    @Test("fail as a whole where the mapping asks for nothing else, and come again to the same bits")
    func wholeFailure() throws {
        let world = World()
        let environment = world.environment()
        let batches = kafka([0..<100, 100..<200])
        #expect(try environment.answer(batches[0]) == success)
        world.table.failures = [Failure()]
        #expect(throws: FunctionError(type: "Function.Failed", message: "on purpose")) {
            try environment.answer(batches[1])
        }
        #expect(try environment.answer(batches[1]) == success)
        #expect(world.table.scores == (try expected(batches)))
        #expect(world.table.contradictions == 0)
    }

    @Test("report the first failed offset of each partition where the mapping asks for it")
    func partialFailure() throws {
        let world = World()
        world.settings.reportsPartialBatches = true
        let environment = world.environment()
        // The first partition's sink call fails, the second's does not.
        world.table.failures = [Failure()]
        let event = Events.kafka([3: Array(5..<105), 7: Array(50..<150)])
        #expect(
            try environment.answer(event)
                == #"{"batchItemFailures":[{"itemIdentifier":{"partition":"app-logs-3","offset":5}}]}"#
        )
        #expect(Set(world.table.scores.keys.map(\.stream.partition)) == [7])
        #expect(try environment.answer(event) == success)
        #expect(Set(world.table.scores.keys.map(\.stream.partition)) == [3, 7])
        #expect(world.table.contradictions == 0)
    }

    @Test("of Kinesis report the lowest failed sequence number")
    func partialKinesis() throws {
        let world = World()
        world.settings.reportsPartialBatches = true
        world.table.failures = [Failure()]
        #expect(
            try world.environment().answer(Events.kinesis(Array(0..<100)))
                == #"{"batchItemFailures":[{"itemIdentifier":"4959100000"}]}"#
        )
    }

    @Test(
        "stop early when time runs out: what is done is kept, the rest is reported",
        arguments: [true, false]
    )
    func deadline(isPartial: Bool) throws {
        let world = World()
        world.settings.reportsPartialBatches = isPartial
        let environment = world.environment()
        let event = Events.kafka([3: Array(0..<2_500)])
        world.storage.beforeWrite = nil
        // Each look at the clock takes a second; the second part of the batch still begins.
        var looks: Int64 = 0
        let ticking = LambdaFunction(
            world.settings,
            sinks: [world.table],
            deadLetters: world.letters,
            storage: world.storage,
            logger: .silent,
            now: {
                looks += 1_000
                return looks
            }
        )
        if isPartial {
            #expect(
                try ticking.answer(event, deadline: 6_000)
                    == #"{"batchItemFailures":[{"itemIdentifier":{"partition":"app-logs-3","offset":2000}}]}"#
            )
        } else {
            let error = #expect(throws: FunctionError.self) { try ticking.answer(event, deadline: 6_000) }
            #expect(error?.type == "Function.Deadline")
        }
        #expect(world.table.scores.keys.map(\.offset).max() == 1_999)
        #expect(try environment.answer(event) == success)
        #expect(world.table.scores.keys.map(\.offset).max() == 2_499)
        #expect(world.table.contradictions == 0)
    }

    @Test("give up to the dead letters what cannot be parsed or stored, and succeed")
    func deadLetters() throws {
        let world = World()
        world.table.poison = "bytes=3"
        let event =
            #"{"eventSource":"aws:kafka","eventSourceArn":"arn:c","records":{"t-0":["#
            + (0..<100).map { #"{"offset":\#($0),"value":"\#(Lines.base64($0))"}"# }.joined(separator: ",")
            + #",{"offset":100,"value":"not base64"},{"offset":101,"value":null},{"offset":102,"value":"","key":"aw=="}]}}"#
        #expect(try world.environment().answer(event) == success)
        #expect(world.letters.letters.map(\.identity.offset).sorted() == [99, 100])
        let letter = try #require(world.letters.letters.first { $0.identity.offset == 100 })
        #expect(letter.value == Array("not base64".utf8) && letter.reason.contains("malformed base64"))
        #expect(world.letters.letters.first { $0.identity.offset == 99 }?.value == Array(Lines.line(99).utf8))
    }

    @Test("without a place for checkpoints are scored from memory, and again after a failure")
    func memoryOnly() throws {
        let world = World()
        world.hasStorage = false
        let environment = world.environment()
        let batches = kafka([0..<100, 100..<200])
        #expect(try environment.answer(batches[0]) == success)
        world.table.failures = [Failure()]
        #expect(throws: FunctionError.self) { try environment.answer(batches[1]) }
        #expect(try environment.answer(batches[1]) == success)
        #expect(try environment.answer(batches[1]) == success)
        #expect(world.table.scores.keys.contains { $0.offset == 199 })
        #expect(world.table.contradictions == 0)
    }

    @Test("unparsable records go to the log where there is no better place")
    func loggedLetters() throws {
        let log = MemorySink()
        let logger = Logger(format: .json, sink: log)
        let world = World()
        let function = LambdaFunction(
            world.settings,
            sinks: [],
            deadLetters: LoggedDeadLetters(logger),
            storage: nil,
            logger: logger,
            now: { 0 }
        )
        _ = try function.answer(#"{"records":{"t-0":[{"offset":1,"value":"no \"base64\""}]}}"#)
        let line = try #require(log.lines.first { $0.contains("dead_letter") })
        let json = try JSONValue(Array(line.utf8))
        #expect(json["level"]?.string == "error")
        let record = try JSONValue(Array((json["record"]?.string ?? "").utf8))
        #expect(record["value"]?.string == #"no "base64""#)
    }
}
