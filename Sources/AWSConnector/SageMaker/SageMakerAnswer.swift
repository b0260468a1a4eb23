public import DetectionPipeline
import JSONText

/// The scores in an endpoint's answer, `{"scores":[{"score":1.02}]}` or `{"scores":[1.02]}`.
enum SageMakerAnswer {
    /// - Throws: `ScorerError`; poisonous for a score that is no number, permanent for any other answer.
    static func scores(_ body: [UInt8], count: Int) throws -> [Double] {
        guard let listed = (try? JSONValue(body))?["scores"]?.array else {
            let excerpt = String(decoding: body.prefix(200), as: UTF8.self)
            throw ScorerError(.permanent, "the answer holds no scores: \(excerpt)")
        }
        guard listed.count == count else {
            throw ScorerError(.permanent, "\(listed.count) scores in the answer, for \(count) rows")
        }
        return try listed.map { entry in
            guard let score = (entry["score"] ?? entry).double, score.isFinite else {
                throw ScorerError(.poison, "a score that is no number")
            }
            return score
        }
    }
}

/// What an endpoint answered that cannot be used.
public struct ScorerError: ClassifiedError, Sendable, Hashable, CustomStringConvertible {
    public let failureKind: FailureKind
    public let description: String

    init(_ failureKind: FailureKind, _ description: String) {
        self.failureKind = failureKind
        self.description = description
    }
}
