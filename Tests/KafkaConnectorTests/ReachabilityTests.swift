import Testing

@testable import KafkaConnector

@Suite struct ReachabilityTests {
    private let start = ContinuousClock.now

    private func after(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test("a broker that falls silent is asked, and counts as gone after two answers that it missed")
    func silence() {
        var reachability = Reachability()
        reachability.answered(at: start)
        var asked: [Int] = []
        for second in 0..<30 where reachability.isDueToAsk(at: after(second)) {
            asked.append(second)
            reachability.missed()
            #expect(reachability.isReachable == (asked.count < 2))
        }
        #expect(asked == [10, 15, 20, 25])
        reachability.answered(at: after(30))
        #expect(reachability.isReachable)
        reachability.missed()
        #expect(reachability.isReachable)
    }

    @Test("one that librdkafka says is gone is asked at once, and is back with its first answer")
    func lost() {
        var reachability = Reachability()
        reachability.answered(at: start)
        reachability.lost()
        #expect(!reachability.isReachable)
        let isAsked = asks(&reachability, 1)
        #expect(isAsked)
        reachability.missed()
        // Said again and again, it is not asked more often.
        reachability.lost()
        var answers = [5, 6].map { asks(&reachability, $0) }
        #expect(answers == [false, true])
        reachability.answered(at: after(6))
        #expect(reachability.isReachable)
        answers = [7, 15, 16].map { asks(&reachability, $0) }
        #expect(answers == [false, false, true])
    }

    @Test("while records come nothing is asked")
    func busy() {
        var reachability = Reachability()
        for second in 0..<100 {
            reachability.answered(at: after(second))
            let isAsked = asks(&reachability, second + 9)
            #expect(!isAsked)
        }
    }

    private func asks(_ reachability: inout Reachability, _ second: Int) -> Bool {
        reachability.isDueToAsk(at: after(second))
    }
}
