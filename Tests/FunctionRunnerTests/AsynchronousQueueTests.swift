import LocalLambdaModel
import Testing

@testable import FunctionRunner

@Suite("The queue of asynchronous events")
struct AsynchronousQueueTests {
    private func event(_ id: String, at time: Int64 = 0) throws -> AsynchronousEvent {
        let name = try #require(FunctionName("f"))
        return AsynchronousEvent(
            requestID: id,
            request: InvocationRequest(
                FunctionReference(name, .version(3)),
                payload: [1, 2],
                clientContext: "{}"
            ),
            takenAt: time,
            dueAt: time
        )
    }

    private func next(of queue: inout AsynchronousQueue, at now: Int64) throws -> AsynchronousEvent {
        let event = queue.next(at: now)
        return try #require(event)
    }

    private func queue(limit: Int = 10) -> AsynchronousQueue {
        AsynchronousQueue(limit: limit, retryDelays: [.seconds(60), .seconds(120)])
    }

    private static let throttled = InvocationResult.Outcome.refused(
        InvocationRefusal(.tooManyRequests, "Rate")
    )

    @Test("gives events in the order in which they are due")
    func order() throws {
        var queue = queue()
        for (id, time) in [("b", 20), ("a", 10), ("c", 30)] as [(String, Int64)] {
            #expect(queue.add(try event(id, at: time)) == true)
        }
        #expect(queue.next(at: 9) == nil)
        #expect(queue.nextDue == 10)
        #expect(queue.next(at: 25)?.requestID == "a")
        #expect(queue.next(at: 25)?.requestID == "b")
        #expect(queue.next(at: 25) == nil)
    }

    @Test("has a bound, to which the events under way count")
    func limit() throws {
        var queue = queue(limit: 2)
        #expect(queue.add(try event("a")) == true)
        #expect(queue.add(try event("b")) == true)
        #expect(queue.add(try event("c")) == false)
        let first = try next(of: &queue, at: 0)
        #expect(queue.add(try event("c")) == false)
        #expect(queue.finish(first, .success([]), at: 1) == .succeeded)
        #expect(queue.add(try event("c")) == true)
    }

    @Test("tries a failed event twice more, after a minute and after two")
    func retries() throws {
        var queue = queue()
        #expect(queue.add(try event("a")) == true)
        var now: Int64 = 1_000
        for delay in [60_000, 120_000] as [Int64] {
            let event = try next(of: &queue, at: now)
            guard case .retried(let next) = queue.finish(event, .functionError([]), at: now) else {
                Issue.record("not tried again")
                return
            }
            #expect(next.dueAt == now + delay)
            #expect(queue.next(at: now + delay - 1) == nil)
            now += delay
        }
        let last = try next(of: &queue, at: now)
        #expect(queue.finish(last, .functionError([]), at: now) == .dropped("RetriesExhausted"))
        #expect(queue.count == 0)
    }

    @Test("tries a throttled event until it is six hours old, up to five minutes apart")
    func throttled() throws {
        var queue = queue()
        #expect(queue.add(try event("a")) == true)
        var now: Int64 = 0
        var delays: [Int64] = []
        while let event = queue.next(at: now) {
            switch queue.finish(event, Self.throttled, at: now) {
            case .retried(let next):
                delays.append(next.dueAt - now)
                #expect(next.failures == 0)
                now = next.dueAt
            case .dropped(let reason): #expect(reason == "EventAgeExceeded")
            case .succeeded: Issue.record("succeeded")
            }
        }
        #expect(delays.prefix(10).map { $0 / 1_000 } == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
        #expect(delays.max() == 300_000)
        #expect((21_300_000...21_600_000).contains(now))
        #expect(queue.count == 0)
    }

    @Test("drops an event that cannot ever run")
    func refused() throws {
        var queue = queue()
        #expect(queue.add(try event("a")) == true)
        let event = try next(of: &queue, at: 0)
        let refusal = InvocationRefusal(.resourceNotFound, "gone")
        #expect(queue.finish(event, .refused(refusal), at: 0) == .dropped("gone"))
    }

    @Test("keeps events as bytes that are read back, and not where they are damaged")
    func coding() throws {
        var event = try event("id", at: 5)
        event.failures = 1
        var expected = event
        expected.dueAt = 99
        #expect(try AsynchronousEvent(event.bytes, name: "e", at: 99) == expected)
        let bytes = event.bytes
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1
            #expect(throws: (any Error).self) { try AsynchronousEvent(damaged, name: "e", at: 0) }
            #expect(throws: (any Error).self) {
                try AsynchronousEvent(Array(bytes[..<index]), name: "e", at: 0)
            }
        }
    }
}
