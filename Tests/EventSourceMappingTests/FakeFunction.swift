import Foundation
import LambdaRuntime
import LocalLambdaModel
import Telemetry

/// A function of the test's own: it notes what it was given, and answers as the test says.
final class FakeFunction: FunctionInvoking {
    struct Call: Sendable {
        var event: KafkaEvent
        var byteCount: Int
        var isSuccess: Bool

        var offsets: [Int64] { event.partitions.flatMap { $0.records.map(\.offset) } }
        var partition: Int32 { event.partitions.first?.number ?? -1 }
        var values: [String] {
            event.partitions.flatMap { partition in
                partition.records.map { record in
                    record.value.map { String(decoding: partition.bytes[$0], as: UTF8.self) } ?? "null"
                }
            }
        }
    }

    private struct State {
        var calls: [Call] = []
        var underWay = 0
        var peak = 0
        var throttledCount = 0
        var busy: Set<Int32> = []
        var overlaps = 0
    }

    private let state = Locked(State())
    /// Invocations at once at most, as a reserved concurrency has it; nil for any number.
    private let limit: Int?
    /// Gets each event and the number of calls that ended before.
    private let answer: @Sendable (KafkaEvent, Int) -> InvocationResult.Outcome

    init(
        limit: Int? = nil,
        _ answer: @escaping @Sendable (KafkaEvent, Int) -> InvocationResult.Outcome = { _, _ in .success([]) }
    ) {
        self.limit = limit
        self.answer = answer
    }

    static let error = InvocationResult.Outcome.functionError(
        Array(#"{"errorType":"ValueError","errorMessage":"no"}"#.utf8)
    )

    func invoke(_ request: InvocationRequest) -> InvocationResult {
        guard case .kafka(let event) = try? LambdaEvent(request.payload) else {
            return InvocationResult(.functionError(Array("no Kafka event".utf8)), requestID: "unread")
        }
        let partition = event.partitions.first?.number ?? -1
        let number: Int? = state.withLock { state in
            if let limit, state.underWay >= limit {
                state.throttledCount += 1
                return nil
            }
            state.underWay += 1
            state.peak = max(state.peak, state.underWay)
            if !state.busy.insert(partition).inserted { state.overlaps += 1 }
            return state.calls.count
        }
        guard let number else {
            let refusal = InvocationRefusal(
                .tooManyRequests,
                "Rate Exceeded.",
                throttleReason: .reservedConcurrency
            )
            return InvocationResult(.refused(refusal), requestID: "throttled")
        }
        let outcome = answer(event, number)
        var isSuccess = false
        if case .success = outcome { isSuccess = true }
        let call = Call(event: event, byteCount: request.payload.count, isSuccess: isSuccess)
        state.withLock { state in
            state.underWay -= 1
            state.busy.remove(partition)
            state.calls.append(call)
        }
        return InvocationResult(outcome, requestID: "request-\(number)", executedVersion: "$LATEST")
    }

    var calls: [Call] { state.withLock { $0.calls } }
    var peak: Int { state.withLock { $0.peak } }
    var throttledCount: Int { state.withLock { $0.throttledCount } }
    /// Calls with records of a partition while another of it was under way.
    var overlaps: Int { state.withLock { $0.overlaps } }

    /// Offsets of the calls that succeeded, by partition, in their order.
    var taken: [Int32: [Int64]] {
        calls.reduce(into: [:]) { taken, call in
            if call.isSuccess { taken[call.partition, default: []] += call.offsets }
        }
    }

    var takenCount: Int { taken.values.reduce(0) { $0 + $1.count } }
}
