import KafkaClient
import LocalLambdaModel
import Testing

@testable import EventSourceMapping

@Suite("The state of a mapping")
struct MappingStateTests {
    private func configuration(isEnabled: Bool = true) throws -> EventSourceMappingConfiguration {
        try someMapping { $0.isEnabled = isEnabled }.configuration
    }

    @Test("goes from Creating to Enabled, Updating, Disabling, Disabled, Enabling and Deleting")
    func states() throws {
        var state = MappingState(try configuration())
        #expect(state.status == EventSourceMappingStatus(state: .creating))
        let starts = [state.takeStart(), state.takeStart()]
        #expect(starts == [true, false])
        let next = state.next()
        let first = try #require(next)
        state.settled(first.revision)
        #expect(state.status.state == .enabled)
        state.change(to: try configuration())
        #expect(state.status.state == .updating)
        // The settings before are no news.
        state.settled(first.revision)
        #expect(state.status.state == .updating)
        state.settled(state.revision)
        #expect(state.status.state == .enabled)
        state.change(to: try configuration(isEnabled: false))
        #expect(state.status.state == .disabling && !state.shouldRun)
        let afterDisabling = state.next()
        #expect(afterDisabling == nil)
        #expect(state.status.state == .disabled && !state.isRunning)
        state.change(to: try configuration())
        let startsAgain = state.takeStart()
        #expect(state.status.state == .enabling && startsAgain)
        state.remove()
        #expect(state.status.state == .deleting)
        let afterRemoval = state.next()
        #expect(afterRemoval == nil)
        #expect(state.status.state == .deleting)
    }

    @Test("goes on where a mapping is enabled again before it has stopped")
    func enabledAgain() throws {
        var state = MappingState(try configuration())
        _ = state.takeStart()
        state.change(to: try configuration(isEnabled: false))
        state.change(to: try configuration())
        let starts = state.takeStart()
        #expect(state.status.state == .enabling && !starts)
        let next = state.next()
        #expect(next != nil && state.isRunning)
    }

    @Test("shows what keeps the topic from being read, and what came before it afterwards")
    func results() throws {
        var state = MappingState(try configuration())
        #expect(state.status.lastProcessingResult == "No records processed")
        state.processed(.ok)
        state.failed(.notConnected)
        #expect(state.status.lastProcessingResult.hasPrefix("PROBLEM: Connection error"))
        state.connected()
        #expect(state.status.lastProcessingResult == "OK")
        state.processed(.functionFailed)
        #expect(state.status.lastProcessingResult == "PROBLEM: Function call failed")
    }

    @Test(
        "what a cluster refuses is said in Lambda's words, with the reason behind them",
        arguments: [
            (KafkaError.Code.authentication, "SASL authentication failed."),
            (.scramRefused, "SASL authentication failed."),
            (.certificateRefused, "Server failed to authenticate Lambda."),
            (.tls, "Lambda failed to authenticate server."),
            (.topicAuthorizationFailed, "Cluster failed to authorize Lambda."),
            (KafkaError.Code("GROUP_AUTHORIZATION_FAILED"), "Cluster failed to authorize Lambda."),
            (
                .noBrokerAnswers,
                "Connection error. Please check your event source connection configuration."
            ),
        ]
    )
    func refusals(_ code: KafkaError.Code, _ words: String) {
        let result = ProcessingResult(KafkaError(code, "why", remedy: "do this"))
        #expect(result.text == "PROBLEM: \(words) why (\(code)); do this")
    }

    @Test(
        "five invocations at once belong to each poller of a mapping that has a number of them",
        arguments: [(nil, 500), (1, 5), (99, 495), (2_000, 500)] as [(Int?, Int)]
    )
    func pollers(_ maximum: Int?, _ invocations: Int) throws {
        let settings = try someMapping { mapping in
            mapping.provisionedPollers = maximum.map { ProvisionedPollers(minimum: 1, maximum: $0) }
        }
        #expect(settings.concurrency == invocations)
        // Another bound takes another run, another number within it does not.
        #expect(settings.readsAlike(try someMapping()) == (invocations == 500))
    }

    @Test(
        "a mapping that may retry for ever does so at most ten times if failures have a destination",
        arguments: [
            (-1, nil, nil), (-1, "kafka://letters", 11), (0, nil, 1), (3, "kafka://letters", 4),
        ]
    )
    func attempts(_ retries: Int, _ destination: String?, _ expected: Int?) throws {
        let settings = try someMapping {
            $0.maximumRetryAttempts = retries
            $0.onFailureDestination = destination
        }
        #expect(settings.attemptLimit == expected)
    }
}
