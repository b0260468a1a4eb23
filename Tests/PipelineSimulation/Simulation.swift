import AnomalyDetection
import DetectionPipeline
import LogRecords
import Retries
package import Telemetry

/// Drives the production pipeline through one course of events: records that arrive in their own time,
/// members that come, stand still and die, calls that fail. One seed names it all.
package struct Simulation {
    /// How a run went.
    package struct Result {
        package var seed: UInt64
        /// What should not have happened; empty for a good run.
        package var violations: [String]
        package var crashCount: Int
        package var freezeCount: Int
        package var generation: Int32
        package var recordCount: Int
    }

    private let seed: UInt64
    private let trace: Logger
    private let world: SimulatedWorld
    private let settings: PipelineSettings
    private let isScoredOutside: Bool
    private var members: [Member] = []
    private var nextMember = 0
    private var crashCount = 0
    private let freezes = Counter()

    private final class Counter { var value = 0 }

    /// A process: it has a pipeline while it lives.
    private final class Member {
        let id: Int
        let pipeline: Pipeline
        /// Stands still in a call, and others go on inside it.
        var isFrozen = false

        init(id: Int, _ pipeline: Pipeline) {
            self.id = id
            self.pipeline = pipeline
        }
    }

    /// - Parameter trace: gets the log lines of all members.
    package init(seed: UInt64, faults: SimulatedFaults? = nil, trace: Logger = .silent) throws {
        self.seed = seed
        self.trace = trace
        var random = SimulatedRandom(seed: seed)
        settings = Self.settings(&random)
        // What the model outside gets must not depend on chance, see `ExpectedResults.isExact`.
        isScoredOutside = seed % 4 == 3 && settings.features != nil
        let broker = SimulatedBroker(Self.partitions(&random))
        let chosen = faults ?? SimulatedFaults.chosen(&random)
        let expected = try ExpectedResults(broker, settings, isScoredOutside: isScoredOutside)
        var poison: Set<RecordIdentity> = []
        for identity in expected.records.keys.sorted(by: {
            ($0.stream.partition, $0.offset) < ($1.stream.partition, $1.offset)
        })
        where random.chance(chosen.poison) {
            poison.insert(identity)
        }
        world = SimulatedWorld(
            broker,
            expected: expected,
            poison: poison,
            faults: chosen,
            isTransactional: random.chance(0.3),
            random: random
        )
    }

    /// Runs to the end: disturbed for a while, then in peace until everything is consumed.
    package mutating func run() throws -> Result {
        let memberCount = world.random.number(1...3)
        let disturbedTurns = world.random.number(200...1_500)
        for turn in 0..<20_000 {
            if turn == disturbedTurns { world.faults = .none }
            if members.count < memberCount, world.random.chance(0.2) || members.isEmpty { start() }
            try turnOfOne(among: members)
            if turn >= disturbedTurns, world.broker.isConsumed { break }
        }
        if !world.broker.isConsumed { world.violation("not everything was consumed") }
        world.checkEnd()
        return Result(
            seed: seed,
            violations: world.violations,
            crashCount: crashCount,
            freezeCount: freezes.value,
            generation: world.broker.generation,
            recordCount: world.expected.records.count
        )
    }

    private mutating func start() {
        nextMember += 1
        let id = nextMember
        let world = world
        let pipeline = Pipeline(
            source: SimulatedSource(world, member: id),
            scorer: isScoredOutside ? SimulatedScorer(SimulatedService(world, member: id)) : nil,
            sinks: world.isTransactional ? [] : [SimulatedSink(world, member: id)],
            transaction: world.isTransactional ? SimulatedTransaction(world, member: id) : nil,
            deadLetters: SimulatedDeadLetters(world, member: id),
            settings: settings,
            checkpoints: CheckpointStore(SimulatedStorage(world, member: id), group: "simulated"),
            clock: world.clock,
            jitter: { Double.random(in: 0..<1, using: &world.random) },
            logger: trace.adding(["member": .integer(Int64(id))])
        )
        members.append(Member(id: id, pipeline))
    }

    /// One turn of a member that does not stand still.
    private mutating func turnOfOne(among candidates: [Member]) throws {
        let able = candidates.filter { !$0.isFrozen }
        guard let member = able.randomElement(using: &world.random) else { return }
        let others = members
        let (world, freezes) = (world, freezes)
        var dead: [Int] = []
        world.interlude = { frozen in
            guard let sleeper = others.first(where: { $0.id == frozen }), !sleeper.isFrozen else { return }
            freezes.value += 1
            sleeper.isFrozen = true
            defer { sleeper.isFrozen = false }
            world.clock.advance(.seconds(60))
            world.broker.evict(frozen)
            for _ in 0..<world.random.number(1...60) {
                let able = others.filter { !$0.isFrozen && !dead.contains($0.id) }
                guard let other = able.randomElement(using: &world.random) else { return }
                do {
                    _ = try other.pipeline.step()
                } catch is SimulatedCrash {
                    dead.append(other.id)
                }
            }
        }
        do {
            guard try member.pipeline.step() else { return world.violation("a member ended by itself") }
        } catch is SimulatedCrash {
            dead.append(member.id)
        } catch {
            world.violation("member \(member.id) ended with an error: \(error)")
            dead.append(member.id)
        }
        for id in dead { world.broker.remove(id) }
        crashCount += dead.count
        members.removeAll { dead.contains($0.id) }
    }
}

// What is simulated.
extension Simulation {
    private static func settings(_ random: inout SimulatedRandom) -> PipelineSettings {
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.releasesWhenIdle = true
        settings.referenceYear = 2023
        settings.entityField = random.chance(0.5) ? "service" : nil
        settings.detector.treeCount = 4
        settings.detector.sampleSize = 16
        settings.detector.warmUp = 5
        settings.detector.maximumEntities = random.number(2...6)
        settings.checkpoints.interval = .seconds(random.number(1...20))
        settings.checkpoints.refresh = settings.checkpoints.interval * 3
        settings.checkpoints.recordCount = random.number(20...300)
        settings.retries = RetryPolicy(maximumAttempts: nil, deadline: nil)
        settings.format = .log(.json)
        // Else they are found in the first records that come together, as chance has it.
        guard random.chance(0.7) else { return settings }
        settings.features = [
            .duration("duration_ms", unit: "ms", scale: 0.001), .size("bytes", unit: "B"), .gap,
        ]
        return settings
    }

    private static func partitions(_ random: inout SimulatedRandom) -> [[SimulatedBroker.Record]] {
        (0..<random.number(1...3)).map { _ in
            var now: Duration = .zero
            return (0..<random.number(50...400)).map { offset in
                // Mostly close together, at times with a rest between.
                now +=
                    random.chance(0.02)
                    ? .seconds(random.number(1...30)) : .milliseconds(random.number(0...50))
                return SimulatedBroker.Record(
                    value: value(&random, at: now),
                    timestampMilliseconds: 1_000 + Int64(offset),
                    arrival: PipelineInstant(sinceStart: now)
                )
            }
        }
    }

    private static func value(_ random: inout SimulatedRandom, at now: Duration) -> [UInt8]? {
        if random.chance(0.01) { return nil }
        if random.chance(0.01) { return Array("{\"duration_ms\":".utf8) }
        let time = 1_700_000_000 + Int(now / .seconds(1))
        let duration = random.chance(0.03) ? random.number(2_000...9_000) : random.number(10...50)
        let service = ["web", "pay", "mail", "auth", "feed", "cart", "push", "scan"][random.number(0...7)]
        var fields = ["\"time\":\(time)", "\"service\":\"\(service)\"", "\"duration_ms\":\(duration)"]
        if random.chance(0.4) { fields.append("\"bytes\":\(random.number(100...999))") }
        if random.chance(0.2) { fields.append("\"status\":\(random.chance(0.5) ? 200 : 500)") }
        return Array("{\(fields.joined(separator: ","))}".utf8)
    }
}
