import DetectionPipeline
import Retries
import SeededNumbers
import Testing

@Suite struct RetryTests {
    private func instant(_ seconds: Double) -> PipelineInstant {
        PipelineInstant(sinceStart: .milliseconds(Int((seconds * 1_000).rounded())))
    }

    @Test("the bound of the delay doubles up to the longest; jitter takes any part of it")
    func delays() {
        var policy = RetryPolicy()
        policy.initialDelay = .milliseconds(100)
        policy.maximumDelay = .seconds(2)
        let bounds = (1...7).map { policy.delay(after: $0, jitter: 1) }
        #expect(bounds == [100, 200, 400, 800, 1_600, 2_000, 2_000].map { Duration.milliseconds($0) })
        #expect(policy.delay(after: 3, jitter: 0.25) == .milliseconds(100))
        #expect(policy.delay(after: 3, jitter: 0) == .zero)
        #expect(policy.delay(after: .max, jitter: 1) == .seconds(2))
        #expect(policy.delay(after: 0, jitter: 1) == .milliseconds(100))
        // Chance outside of its range changes nothing.
        #expect(policy.delay(after: 2, jitter: 7) == .milliseconds(200))
        #expect(policy.delay(after: 2, jitter: -7) == .zero)
    }

    @Test("with full jitter the delays are spread evenly over all of their range")
    func spread() {
        var random = SeededGenerator(seed: 3)
        let policy = RetryPolicy()
        let bound = policy.delay(after: 5, jitter: 1)
        let parts = (0..<4_000).map { _ in
            Int(policy.delay(after: 5, jitter: .random(in: 0..<1, using: &random)) / bound * 4)
        }
        for quarter in 0..<4 { #expect((900...1_100).contains(parts.filter { $0 == quarter }.count)) }
    }

    @Test("a schedule ends after the last attempt")
    func attempts() {
        var schedule = RetrySchedule(RetryPolicy(maximumAttempts: 3, deadline: nil))
        #expect(schedule.failed(at: instant(0), jitter: 1) == instant(0.1))
        #expect(schedule.failed(at: instant(0.1), jitter: 1) == instant(0.3))
        #expect(schedule.failed(at: instant(0.3), jitter: 1) == nil)
        #expect(schedule.failureCount == 3)
    }

    @Test("a schedule of one attempt never tries again")
    func oneAttempt() {
        var schedule = RetrySchedule(RetryPolicy(maximumAttempts: 1, deadline: nil))
        #expect(schedule.failed(at: instant(0), jitter: 0) == nil)
    }

    @Test("no try is begun after the deadline, which counts from the first failure")
    func deadline() {
        var schedule = RetrySchedule(RetryPolicy(maximumAttempts: nil, deadline: .seconds(1)))
        #expect(schedule.failed(at: instant(10), jitter: 1) == instant(10.1))
        #expect(schedule.failed(at: instant(10.8), jitter: 1) == instant(11))
        #expect(schedule.failed(at: instant(11), jitter: 0) == instant(11))
        #expect(schedule.failed(at: instant(11), jitter: 1) == nil)
    }

    @Test("success starts the schedule anew")
    func success() {
        var schedule = RetrySchedule(RetryPolicy(maximumAttempts: 2, deadline: .seconds(1)))
        _ = schedule.failed(at: instant(0), jitter: 1)
        schedule.succeeded()
        #expect(schedule.failureCount == 0)
        #expect(schedule.failed(at: instant(50), jitter: 1) == instant(50.1))
    }

    @Test("the budget lets a burst of retries through, then one for every ten successes")
    func budget() {
        var budget = RetryBudget(capacity: 3, earning: 0.125)
        var answers = (0..<5).map { _ in budget.spend() }
        #expect(answers == [true, true, true, false, false])
        for _ in 0..<7 { budget.earn() }
        answers = [budget.spend()]
        budget.earn()
        answers += [budget.spend(), budget.spend()]
        #expect(answers == [false, true, false])
    }

    @Test("the budget never grows past its capacity")
    func capacity() {
        var budget = RetryBudget(capacity: 2, earning: 1)
        for _ in 0..<100 { budget.earn() }
        let answers = (0..<3).map { _ in budget.spend() }
        #expect(answers == [true, true, false])
    }

    @Test("a concurrency limit gives as many places as it has, and one more for each given back")
    func concurrency() {
        var limit = ConcurrencyLimit(2)
        var answers = (0..<3).map { _ in limit.take() }
        #expect(answers == [true, true, false])
        limit.giveBack()
        #expect(limit.inUse == 1)
        answers = [limit.take(), limit.take()]
        #expect(answers == [true, false])
        limit.giveBack()
        limit.giveBack()
        #expect(limit.inUse == 0 && limit.peak == 2)
        #expect(ConcurrencyLimit().maximum == 50)
    }
}
