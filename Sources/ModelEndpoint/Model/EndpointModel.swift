import RandomCutForest
import Telemetry

/// A model that answers requests, on as many threads as ask.
public final class EndpointModel: Sendable {
    public let description: ModelDescription
    private let scoring: Scoring

    private enum Scoring: Sendable {
        /// With a scorer for each thread that is not at work.
        case frozen(FrozenForest, idle: Locked<[FrozenForest.Scorer]>)
        case learning(LearningForest)
    }

    /// Whether rows are learnt once they are scored.
    public enum Mode: Sendable, Hashable {
        /// Scores depend on the model alone; threads score side by side.
        case frozen
        /// Each row is scored, then learnt; one request after the other.
        case learning
    }

    /// Takes a model over.
    ///
    /// - Throws: `untrained` where the model cannot score yet.
    public init(_ model: sending TrainedModel, mode: Mode = .frozen) throws(ModelFileError) {
        description = model.description
        guard model.forest.isReady else {
            throw ModelFileError(
                .untrained,
                "the model has learnt \(model.forest.updateCount) rows, too few to score"
            )
        }
        do throws(ForestError) {
            switch mode {
            case .frozen: scoring = .frozen(try FrozenForest(model.forest), idle: Locked([]))
            case .learning: scoring = .learning(LearningForest(model.forest))
            }
        } catch {
            throw ModelFileError(.untrained, error.message)
        }
    }

    /// Values in a row.
    public var dimensions: Int { description.dimensions }

    /// A score for each row, in their order: the higher, the more unusual.
    ///
    /// - Precondition: the rows have the model's dimensions.
    public func scores(_ rows: FeatureRows) -> [Double] {
        precondition(rows.dimensions == dimensions, "the rows are for another model")
        do throws(ForestError) {
            switch scoring {
            case .frozen(let forest, let idle):
                let scorer = idle.withLock { $0.popLast() } ?? forest.makeScorer()
                defer { idle.withLock { $0.append(scorer) } }
                var scores = [Double](repeating: 0, count: rows.count)
                try rows.values.withUnsafeBufferPointer { (rows) throws(ForestError) in
                    try scores.withUnsafeMutableBufferPointer { (scores) throws(ForestError) in
                        try scorer.score(rows: rows, into: scores)
                    }
                }
                return scores
            case .learning(let forest): return try forest.scoreThenUpdate(rows)
            }
        } catch {
            // Rows are finite and of the right size, and the forest is ready: `FeatureRows` and `init` see to it.
            preconditionFailure("\(error)")
        }
    }
}
