import DetectionPipeline
import Dispatch
import KafkaTestSupport
import LambdaFunction
import LambdaRuntime
import Telemetry
import Testing

@Suite("Loops of one environment", .ownThread)
struct SharedModelTests {
    /// Objects that several threads write.
    private final class SharedStorage: VersionedStorage, Sendable {
        private let storage = Locked(MemoryStorage())
        private let lost = Locked(0)

        var readCount: Int { storage.withLock { $0.readCount } }
        var writeCount: Int { storage.withLock { $0.writeCount } }
        var lostCount: Int { lost.withLock { $0 } }

        func read(_ key: String, unless version: ObjectVersion?) throws -> ObjectReading {
            try storage.withLock { try $0.read(key, unless: version) }
        }

        func write(_ key: String, _ bytes: [UInt8], over version: ObjectVersion?) throws -> ObjectVersion? {
            let written = try storage.withLock { try $0.write(key, bytes, over: version) }
            if written == nil { lost.withLock { $0 += 1 } }
            return written
        }
    }

    private func loop(_ settings: FunctionSettings, _ storage: SharedStorage, _ warm: WarmModelPool)
        -> (function: LambdaFunction, table: TableSink)
    {
        let table = TableSink()
        let function = LambdaFunction(
            settings,
            sinks: [table],
            deadLetters: LetterBox(),
            storage: storage,
            warm: warm,
            logger: .silent,
            now: { 0 }
        )
        return (function, table)
    }

    @Test("have each stream's models once: who goes on from another's batch reads no checkpoint")
    func shared() throws {
        let (storage, warm, settings) = (SharedStorage(), WarmModelPool(), World().settings)
        let (one, other) = (loop(settings, storage, warm), loop(settings, storage, warm))
        for (loop, range) in [(one, 0..<100), (other, 100..<200), (one, 200..<300), (other, 200..<300)] {
            #expect(try loop.function.answer(Events.kafka([3: Array(range)])) == success)
        }
        #expect(storage.readCount == 1 && storage.writeCount == 3)
        let world = World()
        let alone = world.environment()
        for range in [0..<100, 100..<200, 200..<300] { _ = try alone.answer(Events.kafka([3: Array(range)])) }
        #expect(one.table.scores.merging(other.table.scores) { first, _ in first } == world.table.scores)
    }

    @Test("work at once, and lose no race: of each model one loop at a time")
    func together() throws {
        let (storage, warm) = (SharedStorage(), WarmModelPool())
        var settings = World().settings
        settings.learnsUnordered = true
        let failures = Locked<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { [settings] number in
            let (function, _) = loop(settings, storage, warm)
            for round in 0..<20 {
                let indices = Array(round * 10..<round * 10 + 10)
                do {
                    _ = try function.answer(Events.kafka([number: indices]))
                    _ = try function.answer(Events.sqs(indices.map { number * 1_000 + $0 }))
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(storage.lostCount == 0 && storage.writeCount == 4 * 20 * 2)
    }

    @Test("a checkpoint over its bound is not written, and the error says what needs less")
    func bound() throws {
        let world = World()
        world.settings.checkpointByteLimit = 10_000
        let error = #expect(throws: FunctionError.self) {
            try world.environment().answer(Events.kafka([3: Array(0..<100)]))
        }
        #expect(error?.type == "Checkpoint.TooLarge" && error?.message.contains("entities") == true)
        #expect(world.storage.keys.isEmpty)
    }
}
