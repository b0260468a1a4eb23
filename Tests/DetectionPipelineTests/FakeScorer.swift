import DetectionPipeline
import Telemetry

/// A model outside that scores a row by its first value: what lies above 100 is unusual.
final class FakeScorer: RowScorer {
    struct Failure: ClassifiedError, CustomStringConvertible {
        var failureKind: FailureKind
        var description: String { "\(failureKind)" }
    }

    struct State {
        /// The rows of each call that was answered.
        var answered: [[[Double]]] = []
        /// Calls to come that fail, by kind.
        var failures: [FailureKind] = []
        var underWay = 0
        var peak = 0
    }

    let name: String
    let concurrency: Int
    private let rowLimit: Int
    /// First values that it refuses.
    private let poison: Set<Double>
    private let state: Locked<State>
    /// Called in each call.
    private let onCall: @Sendable () -> Void

    init(
        name: String = "fake",
        rowLimit: Int = 10,
        concurrency: Int = 1,
        poison: Set<Double> = [],
        failures: [FailureKind] = [],
        onCall: @escaping @Sendable () -> Void = {}
    ) {
        self.name = name
        self.rowLimit = rowLimit
        self.concurrency = concurrency
        self.poison = poison
        self.onCall = onCall
        state = Locked(State(failures: failures))
    }

    var seen: State { state.withLock { $0 } }
    var rows: [[Double]] { seen.answered.flatMap { $0 } }

    static func score(_ row: [Double]) -> Double { row[0] > 100 ? 4 : 0.5 + row[0] / 1_000 }

    func callSize(_ rows: ArraySlice<[Double]>) -> Int { min(rowLimit, rows.count) }

    func score(_ rows: ArraySlice<[Double]>) throws -> [Double] {
        let failure = state.withLock { state -> FailureKind? in
            state.underWay += 1
            state.peak = max(state.peak, state.underWay)
            return state.failures.isEmpty ? nil : state.failures.removeFirst()
        }
        onCall()
        defer { state.withLock { $0.underWay -= 1 } }
        if let failure { throw Failure(failureKind: failure) }
        if rows.contains(where: { poison.contains($0[0]) }) { throw Failure(failureKind: .poison) }
        state.withLock { $0.answered.append(Array(rows)) }
        return rows.map(Self.score)
    }
}
