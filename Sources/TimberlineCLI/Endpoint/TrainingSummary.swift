import ModelEndpoint

/// What a training has given, in lines for people.
enum TrainingSummary {
    static func lines(of model: TrainedModel, skippedCount: Int) -> [String] {
        let description = model.description
        let names = description.featureNames
        var lines = [
            "\(description.trainedRowCount) rows of \(names.count): \(names.prefix(20).joined(separator: ", "))"
                + (names.count > 20 ? ", …" : "")
        ]
        if skippedCount > 0 { lines.append("\(skippedCount) lines gave no row") }
        let scores = description.trainingScores
        if scores.count > 0 {
            lines.append(
                "score \(rounded(scores.mean)) on average, unusual above \(rounded(scores.threshold)) "
                    + "(3 standard deviations)"
            )
        }
        return lines
    }

    private static func rounded(_ number: Double) -> String { "\((number * 1_000).rounded() / 1_000)" }
}
