import Testing

@testable import FunctionRunner

@Suite("An execution environment")
struct ExecutionEnvironmentTests {
    private let start = ContinuousClock.now
    private var limits: EnvironmentLimits {
        var limits = EnvironmentLimits()
        limits.memory = 128 << 20
        limits.answerGrace = .milliseconds(100)
        return limits
    }

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    private func invocation(_ id: String) -> Invocation {
        Invocation(
            requestID: id,
            functionARN: "arn",
            version: "$LATEST",
            traceID: "Root=1",
            clientContext: nil,
            event: []
        )
    }

    /// One that has its first event since 100 ms.
    private func running() -> ExecutionEnvironment {
        var environment = ExecutionEnvironment(limits, at: start)
        #expect(environment.take(invocation("1"), at: start) == true)
        #expect(environment.next(at: at(100)) == .event(invocation("1"), remaining: .seconds(3)))
        #expect(environment.takeActions() == [.begin(invocation("1"))])
        return environment
    }

    private func report(
        _ id: String,
        _ milliseconds: Int,
        initialization: Int? = nil,
        _ failure: InvocationFailure? = nil
    )
        -> ExecutionEnvironment.Action
    {
        .report(
            InvocationReport(
                requestID: id,
                duration: .milliseconds(milliseconds),
                initialization: initialization.map { .milliseconds($0) },
                memoryLimit: limits.memory,
                peakMemory: 0,
                failure: failure
            )
        )
    }

    @Test(
        "begins the time of an invocation when its process has asked for it, and ends it when it asks for the next"
    )
    func success() {
        var environment = running()
        #expect(environment.answer("1", with: .answered([1]), at: at(150)) == .accepted)
        #expect(environment.takeActions() == [])
        #expect(environment.next(at: at(160)) == .wait)
        #expect(
            environment.takeActions() == [
                report("1", 60, initialization: 100), .becomeIdle, .deliver(.answered([1]), requestID: "1"),
            ]
        )
        #expect(environment.take(invocation("2"), at: at(500)) == true)
        #expect(environment.next(at: at(501)) == .event(invocation("2"), remaining: .milliseconds(2_999)))
        #expect(environment.answer("2", with: .functionError([2]), at: at(510)) == .accepted)
        #expect(environment.next(at: at(520)) == .wait)
        #expect(
            environment.takeActions() == [
                .begin(invocation("2")), report("2", 20), .becomeIdle,
                .deliver(.functionError([2]), requestID: "2"),
            ]
        )
    }

    @Test("gives the same event to a process that asks again before it answers")
    func again() {
        var environment = running()
        #expect(environment.next(at: at(1_100)) == .event(invocation("1"), remaining: .seconds(2)))
    }

    @Test("gives an answer to its own invoker, also where the next event is there before")
    func takenBeforeDelivery() {
        var environment = running()
        #expect(environment.answer("1", with: .answered([1]), at: at(150)) == .accepted)
        #expect(environment.next(at: at(160)) == .wait)
        #expect(environment.take(invocation("2"), at: at(160)) == true)
        #expect(
            environment.takeActions() == [
                report("1", 60, initialization: 100), .becomeIdle,
                .deliver(.answered([1]), requestID: "1"), .begin(invocation("2")),
            ]
        )
    }

    @Test("delivers an answer after its grace where the process works on, and is not idle")
    func grace() {
        var environment = running()
        _ = environment.answer("1", with: .answered([]), at: at(150))
        environment.tick(at: at(249))
        #expect(!environment.hasActions)
        environment.tick(at: at(250))
        #expect(environment.takeActions() == [.deliver(.answered([]), requestID: "1")])
        #expect(environment.take(invocation("2"), at: at(260)) == false)
        // Its time ends as if it had not answered, but the answer was given.
        environment.tick(at: at(3_100))
        #expect(environment.takeActions() == [.kill])
        environment.processEnded(.signalled(9), at: at(3_101))
        #expect(environment.takeActions() == [report("1", 3_001, initialization: 100), .end])
    }

    @Test("refuses answers that are not asked for")
    func refusals() {
        var environment = ExecutionEnvironment(limits, at: start)
        #expect(environment.take(invocation("1"), at: start) == true)
        #expect(environment.answer("1", with: .answered([]), at: at(1)) == .unknownRequest)
        _ = environment.next(at: at(2))
        #expect(environment.answer("2", with: .answered([]), at: at(3)) == .unknownRequest)
        #expect(environment.failInitialization(.outOfMemory) == .notAllowed(from: "Running"))
        #expect(environment.answer("1", with: nil, at: at(4)) == .tooLarge)
        #expect(
            environment.answer("1", with: .answered([]), at: at(5))
                == .notAllowed(from: "RuntimeResponseSentState")
        )
        #expect(environment.next(at: at(6)) == .wait)
        #expect(environment.takeActions().last == .deliver(.failed(.responseTooLarge), requestID: "1"))
        #expect(environment.answer("1", with: .answered([]), at: at(7)) == .unknownRequest)
    }

    @Test("kills a process at the end of its time, and fails the invocation when all of it has ended")
    func timeout() {
        var environment = running()
        environment.tick(at: at(3_099))
        #expect(!environment.hasActions)
        environment.tick(at: at(3_100))
        #expect(environment.takeActions() == [.kill])
        // Too late.
        #expect(environment.answer("1", with: .answered([]), at: at(3_101)) == .notAllowed(from: "Running"))
        #expect(environment.next(at: at(3_102)) == .gone)
        environment.tick(at: at(3_200))
        #expect(!environment.hasActions)
        environment.processEnded(.signalled(9), at: at(3_200))
        let failure = InvocationFailure.timedOut(.seconds(3))
        #expect(
            environment.takeActions() == [
                report("1", 3_100, initialization: 100, failure), .end,
                .deliver(.failed(failure), requestID: "1"),
            ]
        )
        #expect(environment.phase == .ended)
    }

    @Test("initializes once more, in the invocation's time, where the process ends")
    func secondAttempt() {
        var environment = ExecutionEnvironment(limits, at: start)
        #expect(environment.take(invocation("1"), at: start) == true)
        environment.processEnded(.exited(1), at: at(50))
        let failure = InvocationFailure.exited(.exited(1))
        #expect(
            environment.takeActions() == [
                .reportInitialization(
                    InitializationReport(
                        duration: .milliseconds(50),
                        attempt: .initialization,
                        failure: failure
                    )
                ),
                .restart,
            ]
        )
        // The time runs since the second start.
        #expect(environment.next(at: at(1_050)) == .event(invocation("1"), remaining: .seconds(2)))
        #expect(environment.answer("1", with: .answered([]), at: at(1_060)) == .accepted)
        #expect(environment.next(at: at(1_070)) == .wait)
        #expect(
            environment.takeActions() == [
                .begin(invocation("1")), report("1", 1_020), .becomeIdle,
                .deliver(.answered([]), requestID: "1"),
            ]
        )
    }

    @Test("fails the invocation where the process ends twice before it has asked for it")
    func twoFailures() {
        var environment = ExecutionEnvironment(limits, at: start)
        #expect(environment.take(invocation("1"), at: start) == true)
        let failure = InvocationFailure.initialization(type: "Init.Bad", error: [7])
        #expect(environment.failInitialization(failure) == .accepted)
        #expect(environment.takeActions() == [.kill])
        environment.processEnded(.signalled(9), at: at(10))
        #expect(environment.takeActions().last == .restart)
        #expect(environment.failInitialization(failure) == .accepted)
        environment.processEnded(.signalled(9), at: at(30))
        #expect(
            environment.takeActions() == [
                .kill,
                .reportInitialization(
                    InitializationReport(duration: .milliseconds(20), attempt: .invocation, failure: failure)
                ),
                .begin(invocation("1")), report("1", 20, failure), .end,
                .deliver(.failed(failure), requestID: "1"),
            ]
        )
    }

    @Test("bounds the initialization by its own limit first, then by the function's")
    func silentProcess() {
        var environment = ExecutionEnvironment(limits, at: start)
        #expect(environment.take(invocation("1"), at: start) == true)
        environment.tick(at: at(9_999))
        #expect(!environment.hasActions)
        environment.tick(at: at(10_000))
        #expect(environment.takeActions() == [.kill])
        environment.processEnded(.signalled(9), at: at(10_000))
        #expect(environment.takeActions().last == .restart)
        environment.tick(at: at(12_999))
        #expect(!environment.hasActions)
        environment.tick(at: at(13_000))
        #expect(environment.takeActions() == [.kill])
        environment.processEnded(.signalled(9), at: at(13_000))
        #expect(environment.takeActions().last == .deliver(.failed(.timedOut(.seconds(3))), requestID: "1"))
    }

    @Test("kills a process that uses more memory than it may, and not one at the limit")
    func memory() {
        var environment = running()
        environment.measure(memory: 128 << 20, at: at(200))
        #expect(!environment.hasActions)
        environment.measure(memory: 128 << 20 + 1, at: at(250))
        #expect(environment.takeActions() == [.kill])
        environment.processEnded(.signalled(9), at: at(260))
        #expect(environment.takeActions().last == .deliver(.failed(.outOfMemory), requestID: "1"))
        #expect(environment.peakMemory == 128 << 20 + 1)
    }

    @Test("takes no event when it is being ended, and fails none")
    func retired() {
        var environment = running()
        _ = environment.answer("1", with: .answered([]), at: at(150))
        _ = environment.next(at: at(160))
        _ = environment.takeActions()
        environment.retire()
        #expect(environment.takeActions() == [.kill])
        #expect(environment.take(invocation("2"), at: at(170)) == false)
        #expect(environment.next(at: at(171)) == .gone)
        environment.processEnded(.signalled(9), at: at(180))
        #expect(environment.takeActions() == [.end])
    }

    @Test("abandons the invocation under way when it is ended from outside")
    func abandoned() {
        var environment = running()
        environment.retire()
        environment.processEnded(.signalled(9), at: at(180))
        guard case .deliver(.abandoned, requestID: "1") = environment.takeActions().last else {
            Issue.record("not abandoned")
            return
        }
    }

    @Test("tells when it was idle for long, and again where nobody ends it")
    func idle() {
        var environment = running()
        _ = environment.answer("1", with: .answered([]), at: at(150))
        _ = environment.next(at: at(1_000))
        _ = environment.takeActions()
        #expect(environment.nextTick(after: at(2_000)) == at(301_000))
        environment.tick(at: at(300_999))
        #expect(!environment.hasActions)
        environment.tick(at: at(301_000))
        #expect(environment.takeActions() == [.becomeOld])
        #expect(environment.nextTick(after: at(301_000)) == at(601_000))
    }

    @Test("is looked at no later than its limits, and for its memory before")
    func ticks() {
        var environment = running()
        #expect(environment.nextTick(after: at(200)) == at(250))
        #expect(environment.nextTick(after: at(3_080)) == at(3_100))
        _ = environment.answer("1", with: .answered([]), at: at(200))
        #expect(environment.nextTick(after: at(280)) == at(300))
    }
}
