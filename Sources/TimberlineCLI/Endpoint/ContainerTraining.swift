import DetectionPipeline
import Glibc
import ModelEndpoint
import SystemFiles
import Telemetry

/// A training as SageMaker runs it: hyperparameters and channels under `/opt/ml`, the model there too.
///
/// A failure's text goes into `output/failure`, its first 1,024 characters, and the exit code is 1. SIGTERM ends the
/// reading: the model is of the rows so far.
struct ContainerTraining {
    private let paths: ContainerPaths
    private let host: Host
    private let logger: Logger

    /// Characters that SageMaker takes of a failure's text.
    static let failureLength = 1_024
    /// The most bytes of a RecordIO file, which is read whole.
    private static let fileLimit = 1 << 31

    init(_ paths: ContainerPaths, _ host: Host, logger: Logger = Logger()) {
        self.paths = paths
        self.host = host
        self.logger = logger
    }

    func run() -> ExitCode {
        do {
            try train()
            return .success
        } catch {
            let text = (error as? CommandFailure)?.message ?? "\(error)"
            logger.error("training_failed", text)
            try? FileSystem.makeDirectory(paths.root + "/output")
            // SageMaker shows it; where it cannot be written, the log line has it.
            try? FileSystem.replace(
                paths.failureFile,
                with: Array(String(text.prefix(Self.failureLength)).utf8),
                by: paths.failureFile + ".new"
            )
            return .failure
        }
    }

    private func train() throws {
        let parameters = try hyperparameters()
        let channels = try channels()
        guard
            let channel = channels.first(where: { $0.name == "train" })
                ?? channels.first(where: { $0.name == "training" })
        else {
            throw TrainingError("there is no channel train in \(paths.configuration)/inputdataconfig.json")
        }
        var trainer: ModelTrainer?
        try forEachRow(of: channel, parameters) { names, row, _ in
            if trainer == nil { trainer = try ModelTrainer(featureNames: names, parameters.settings) }
            try trainer?.learn(row)
        }
        guard let trainer else { throw TrainingError("channel \(channel.name) has no rows") }
        let model = try trainer.finish()
        // Where it cannot be made, writing the model says why.
        try? FileSystem.makeDirectory(paths.modelDirectory)
        let count = try ModelOutput.write(model, to: paths.modelFile)
        let description = model.description
        logger.info(
            "model_trained",
            "a model is written",
            [
                "file": .string(paths.modelFile), "bytes": LogValue(count),
                "values": LogValue(description.dimensions), "rows": LogValue(description.trainedRowCount),
                "threshold": LogValue(description.trainingScores.threshold),
            ]
        )
        if let test = channels.first(where: { $0.name == "test" }), !host.shouldStop() {
            try evaluate(EndpointModel(TrainedModel.decode(model.encoded())), test, parameters)
        }
    }

    /// Labels of 0 are usual, others anomalies; rows whose score is above the threshold are taken for anomalies.
    private func evaluate(
        _ model: EndpointModel,
        _ channel: TrainingChannel,
        _ parameters: Hyperparameters
    ) throws {
        guard channel.format == .csv(hasLabel: true) else {
            throw TrainingError("channel test needs text/csv;label_size=1")
        }
        guard parameters.settings.shingleSize == 1 else {
            throw TrainingError("channel test is not for shingles")
        }
        var evaluation = Evaluation()
        let threshold = model.description.trainingScores.threshold
        try forEachRow(of: channel, parameters) { _, values, label in
            var rows = FeatureRows(dimensions: model.dimensions)
            for value in values { try rows.append(value) }
            try rows.finishRow()
            evaluation.add(isAnomalous: label != 0, isAboveThreshold: model.scores(rows)[0] > threshold)
        }
        let metrics: [(name: String, value: Double)] = parameters.metrics.flatMap { metric in
            switch metric {
            case .accuracy: [("accuracy", evaluation.accuracy)]
            case .precisionRecallFScore:
                [
                    ("precision", evaluation.precision), ("recall", evaluation.recall),
                    ("f_score", evaluation.fScore),
                ]
            }
        }
        for metric in metrics {
            logger.info(
                "test_metric",
                "how well labelled rows are told apart",
                ["metric": .string(metric.name), "value": LogValue(metric.value)]
            )
        }
    }

    // MARK: What SageMaker has put there

    private func hyperparameters() throws -> Hyperparameters {
        let path = paths.configuration + "/hyperparameters.json"
        guard access(path, F_OK) == 0 else { return try Hyperparameters(Array("{}".utf8)) }
        return try Hyperparameters(WholeFile.read(path, limit: 1 << 20))
    }

    private func channels() throws -> [TrainingChannel] {
        let path = paths.configuration + "/inputdataconfig.json"
        guard access(path, F_OK) == 0 else { return [TrainingChannel(name: "train")] }
        return try TrainingChannel.read(WholeFile.read(path, limit: 1 << 20))
    }

    /// - Parameter body: gets the names of a row's values, the values, and the label, 0 where there is none.
    private func forEachRow(
        of channel: TrainingChannel,
        _ parameters: Hyperparameters,
        _ body: ([String], [Double], Double) throws -> Void
    ) throws {
        let directory = paths.channel(channel.name)
        let files = try DirectoryTree.files(under: directory)
        guard !files.isEmpty else { throw TrainingError("there are no files in \(directory)") }
        func check(_ count: Int) throws {
            if let expected = parameters.featureCount, count != expected {
                throw TrainingError(
                    "a row of channel \(channel.name) has \(count) values, feature_dim is \(expected)"
                )
            }
        }
        switch channel.format {
        case .csv(let hasLabel):
            var names: [String] = []
            let file = try TrainingFile(
                paths: files,
                kind: .features,
                settings: PipelineSettings(),
                runIdentity: host.runIdentity
            )
            try file.read(until: host.shouldStop) {
                names = hasLabel ? Array($0.dropFirst()) : $0
                try check(names.count)
            } learn: { values in
                try body(names, hasLabel ? Array(values.dropFirst()) : values, hasLabel ? values[0] : 0)
            }
        case .recordIO:
            for path in files where !host.shouldStop() {
                let bytes = try WholeFile.read(path, limit: Self.fileLimit)
                try TrainingRows.forEachRecord(bytes, dimensions: parameters.featureCount) { row in
                    try check(row.count)
                    try body(row.indices.map { "value_\($0)" }, row, 0)
                }
            }
        }
    }
}
