import JSONText

/// The hyperparameters that SageMaker hands a training container, `hyperparameters.json`: every value is a string.
///
/// | name | as in SageMaker's random cut forest | meaning |
/// |---|---|---|
/// | `feature_dim` | yes | values in a row; checked against the rows if given |
/// | `num_trees` | yes | trees |
/// | `num_samples_per_tree` | yes | rows that each tree remembers |
/// | `eval_metrics` | yes | a list of `accuracy` and `precision_recall_fscore`, for the channel `test` |
/// | `shingle_size`, `time_decay`, `seed` | no | see ``TrainingSettings`` |
///
/// Names that begin with `sagemaker_` or `_` are SageMaker's own and passed over; others are refused, as a misspelt one
/// would be a model with other settings than meant.
public struct Hyperparameters: Sendable, Hashable {
    public enum Metric: String, Sendable, Hashable, CaseIterable {
        case accuracy
        case precisionRecallFScore = "precision_recall_fscore"
    }

    public var settings: TrainingSettings
    /// Values in a row; nil takes them as they come.
    public var featureCount: Int?
    public var metrics: [Metric] = Metric.allCases

    /// - Parameters:
    ///   - json: the file's bytes.
    ///   - settings: what holds for names that are not there.
    /// - Throws: ``TrainingError`` that names the hyperparameter.
    public init(_ json: [UInt8], defaults settings: TrainingSettings = TrainingSettings())
        throws(TrainingError)
    {
        self.settings = settings
        let members: [String: JSONValue]
        do throws(JSONError) {
            guard let object = try JSONValue(json).object else {
                throw JSONError(.unexpectedKind, at: 0, "expected object")
            }
            members = object
        } catch {
            throw TrainingError("hyperparameters.json: \(error.message)")
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard !name.hasPrefix("sagemaker_"), !name.hasPrefix("_") else { continue }
            guard let text = value.string ?? value.integer.map(String.init) ?? value.double.map({ "\($0)" })
            else {
                throw TrainingError("hyperparameter \(name) is no string")
            }
            try set(name, text)
        }
    }

    private mutating func set(_ name: String, _ text: String) throws(TrainingError) {
        switch name {
        case "feature_dim": featureCount = try Self.integer(name, text, in: 1...16_384)
        case "num_trees": settings.treeCount = try Self.integer(name, text, in: 1...10_000)
        case "num_samples_per_tree": settings.sampleSize = try Self.integer(name, text, in: 2...32_768)
        case "shingle_size": settings.shingleSize = try Self.integer(name, text, in: 1...16_384)
        case "seed": settings.seed = UInt64(try Self.integer(name, text, in: 0...Int.max))
        case "time_decay":
            guard let number = Double(text), 0...1 ~= number else {
                throw TrainingError("hyperparameter time_decay is '\(text)', must be a number from 0 to 1")
            }
            settings.timeDecay = number
        case "eval_metrics": metrics = try Self.metrics(text)
        default: throw TrainingError("hyperparameter \(name) is not known; known are \(Self.names)")
        }
    }

    private static let names =
        "feature_dim, num_trees, num_samples_per_tree, eval_metrics, shingle_size, time_decay, seed"

    private static func integer(
        _ name: String,
        _ text: String,
        in range: ClosedRange<Int>
    ) throws(TrainingError) -> Int {
        guard let number = Int(text), range ~= number else {
            throw TrainingError(
                "hyperparameter \(name) is '\(text)', must be a whole number from \(range.lowerBound) "
                    + "to \(range.upperBound)"
            )
        }
        return number
    }

    /// A JSON list in a string.
    private static func metrics(_ text: String) throws(TrainingError) -> [Metric] {
        let found = (try? JSONValue(Array(text.utf8)))?.array?.map { $0.string.flatMap(Metric.init) }
        guard let found, !found.contains(nil) else {
            throw TrainingError(
                "hyperparameter eval_metrics is '\(text)', must be a list of "
                    + Metric.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " and ")
            )
        }
        return found.compactMap(\.self)
    }
}
