import LambdaFunction
import LambdaRuntime
import Testing

@Suite("An environment that is killed")
struct StopPointTests {
    enum Kind: String, CaseIterable, Sendable {
        case kafka, kinesis, sqs, s3, cloudWatchLogs, direct

        var isOrdered: Bool { self == .kafka || self == .kinesis }
    }

    private static let points: [StopPoint] = [.parse, .score, .sink("table"), .checkpoint, .response]

    /// Two events of a kind.
    private func events(_ kind: Kind, _ world: World) throws -> [String] {
        try [0..<100, 100..<200].map { range in
            let indices = Array(range)
            switch kind {
            case .kafka: return Events.kafka([0: indices, 1: indices])
            case .kinesis: return Events.kinesis(indices)
            case .sqs: return Events.sqs(indices)
            case .direct: return Events.direct(indices)
            case .cloudWatchLogs: return try Events.cloudWatchLogs(indices)
            case .s3:
                let key = "log-\(range.lowerBound)"
                world.objects.objects[key] = Array(indices.map { Lines.line($0) + "\n" }.joined().utf8)
                return Events.s3(key)
            }
        }
    }

    private func trained() throws -> World {
        let world = World()
        world.settings.learnsUnordered = true
        for start in stride(from: 10_000, to: 10_300, by: 100) {
            _ = try? world.environment().answer(Events.sqs(Array(start..<start + 100)))
        }
        world.settings.learnsUnordered = false
        return world
    }

    @Test("after any step, comes again, and the totals agree", arguments: Kind.allCases)
    func totals(kind: Kind) throws {
        let reference = try trained()
        let environment = reference.environment()
        for event in try events(kind, reference) { _ = try environment.answer(event) }
        for point in Self.points where point != .checkpoint || kind.isOrdered {
            let world = try trained()
            let events = try events(kind, world)
            _ = try world.environment().answer(events[0])
            world.stopPoint = point
            #expect(throws: (any Error).self, "\(kind) \(point)") {
                try world.environment().answer(events[1])
            }
            #expect(world.stopPoint == nil, "\(kind) was not stopped behind \(point)")
            // Lambda gives the event again, to another environment.
            _ = try world.environment().answer(events[1])
            #expect(world.table.scores == reference.table.scores, "\(kind) \(point)")
            #expect(world.table.contradictions == 0, "\(kind) \(point)")
        }
    }
}
