import Synchronization
import Testing

@testable import AnomalyDetection

@Suite struct WorkersTests {
    @Test("tasks that are shared are done once each", arguments: [1, 2, 3, 8], [0, 1, 2, 7, 300])
    func share(_ workers: Int, _ tasks: Int) {
        let sums = (0..<tasks).map { _ in Counter() }
        Workers(workers).share(tasks) { sums[$0].value.wrappingAdd(1, ordering: .relaxed) }
        #expect(sums.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
    }
}

private final class Counter: Sendable {
    let value = Atomic(0)
}
