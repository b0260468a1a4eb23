import LocalLambdaModel
import Telemetry

/// Answers invocations as a test says, and notes what it was asked.
final class FakeRunner: FunctionRunning {
    private struct State {
        var outcome = InvocationResult.Outcome.success(Array("null".utf8))
        var invoked: [InvocationRequest] = []
        var queued: [InvocationRequest] = []
        var refusal: InvocationRefusal?
        var changed: [FunctionName] = []
    }

    private let state = Locked(State())

    var invoked: [InvocationRequest] { state.withLock { $0.invoked } }
    var queued: [InvocationRequest] { state.withLock { $0.queued } }
    var changed: [FunctionName] { state.withLock { $0.changed } }

    func answer(_ outcome: InvocationResult.Outcome) { state.withLock { $0.outcome = outcome } }
    func refuseEvents(_ refusal: InvocationRefusal) { state.withLock { $0.refusal = refusal } }

    func invoke(_ request: InvocationRequest) -> InvocationResult {
        let outcome = state.withLock { state in
            state.invoked.append(request)
            return state.outcome
        }
        let tail = request.wantsLogTail ? Array("END\n".utf8) : []
        return InvocationResult(outcome, requestID: "request-1", executedVersion: "$LATEST", logTail: tail)
    }

    func enqueue(_ request: InvocationRequest) throws(InvocationRefusal) -> String {
        let refusal = state.withLock { state in
            state.queued.append(request)
            return state.refusal
        }
        if let refusal { throw refusal }
        return "request-2"
    }

    func functionDidChange(_ name: FunctionName) { state.withLock { $0.changed.append(name) } }
}
