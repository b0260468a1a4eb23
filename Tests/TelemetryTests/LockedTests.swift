import Dispatch
import Telemetry
import Testing

@Suite struct LockedTests {
    @Test("many threads that add one each lose nothing")
    func additions() {
        let count = Locked(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<1_000 { count.withLock { $0 += 1 } }
        }
        #expect(count.withLock { $0 } == 8_000)
    }

    @Test("an error thrown inside releases the lock")
    func errorReleases() {
        struct Failure: Error {}
        let value = Locked("before")
        #expect(throws: Failure.self) { try value.withLock { _ in throw Failure() } }
        value.withLock { $0 = "after" }
        #expect(value.withLock { $0 } == "after")
    }
}
