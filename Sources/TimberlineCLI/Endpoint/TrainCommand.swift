import AnomalyDetection
import CommandLineArguments
import Configuration
import DetectionConfiguration
import DetectionPipeline
import ModelEndpoint
import RandomCutForest
import TypedValues

/// `timberline train`: rows to a model file; without `--input` as SageMaker's training container.
enum TrainCommand: CommandRunner {
    static let input = Option.repeated(
        "input",
        .file,
        help: """
            Rows of numbers with commas between, names in the first line or not, or a log of any known format; - is \
            standard input, gzip and zstd are read too. Several are read as one.
            """
    )
    static let output = Option(
        "output",
        short: "o",
        .file,
        help: "The model file to write; with the end .tar.gz an archive, as SageMaker takes models."
    )
    static let kind = Option(
        "input-kind",
        .choice,
        default: TrainingFile.Kind.auto,
        help: "What the lines are; auto: features if the first lines are rows of numbers, else a log."
    )
    static let shingle = Option(
        "shingle",
        .integer(in: 1...16_384),
        default: 1,
        help: "Rows side by side that make up one row to score."
    )
    static let config = Option(
        "config",
        short: "c",
        .file,
        help: "Configuration file (YAML), for the features of a log."
    )

    static let schema = Schema(
        [
            SettingGroup(
                "Model",
                [
                    DetectionSchema.treeCount, DetectionSchema.sampleSize, DetectionSchema.timeDecay,
                    DetectionSchema.seed,
                ]
            ),
            SettingGroup(
                "Lines of a log",
                [DetectionSchema.format, DetectionSchema.pattern, DetectionSchema.features]
            ),
        ],
        otherEnvironmentNames: ["TIMBERLINE_CONTAINER_ROOT", "TIMBERLINE_HOST"]
    )

    static let command = Command(
        "train",
        summary: "Train a model for serve.",
        discussion: """
            With --input and --output: a model of the rows of these files. Of a log a row is the raw values of \
            detection.features, or of the fields that matter for the format; run --scorer sagemaker sends the same. \
            Without --input: as a SageMaker training container, which reads hyperparameters and channels under \
            /opt/ml, writes the model there, and the reason of a failure.
            """,
        examples: [
            .init(
                "timberline train --input features.csv --output model.timberline",
                "a model of rows of numbers"
            ),
            .init("timberline train --input access.log --output model.tar.gz", "of a log, for SageMaker"),
            .init("timberline train", "in a SageMaker container"),
        ],
        arguments: [input, output, kind, shingle, config, ContainerPaths.root] + schema.options
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        guard !invocation[input].isEmpty else {
            guard invocation[output] == nil else {
                throw CommandFailure(
                    .usage,
                    "--output needs --input; without both, train is a SageMaker container"
                )
            }
            return ContainerTraining(ContainerPaths(invocation, host), host).run()
        }
        guard let path = invocation[output] else { throw CommandFailure(.usage, "--input needs --output") }
        let configuration = try ConfigurationLoading.resolve(
            schema,
            path: invocation[config],
            invocation: invocation,
            host: host
        )
        let file = try CommandFailure.catching(.unreadableInput) {
            try TrainingFile(
                paths: invocation[input],
                kind: invocation[kind],
                settings: pipelineSettings(configuration, host),
                runIdentity: host.runIdentity
            )
        }
        guard let model = try train(on: file, settings(configuration, invocation), until: host.shouldStop)
        else { return .interrupted }
        let count = try ModelOutput.write(model, to: path)
        for line in TrainingSummary.lines(of: model, skippedCount: file.skippedCount) {
            try host.errors.write(line: line)
        }
        try host.errors.write(line: "\(path): \(count) bytes")
        try host.errors.flush()
        return .success
    }

    /// A model of all rows of the file; nil where it was asked to end before.
    private static func train(
        on file: TrainingFile,
        _ settings: TrainingSettings,
        until shouldStop: () -> Bool
    ) throws -> TrainedModel? {
        do {
            var trainer: ModelTrainer?
            try file.read(until: shouldStop) { names in
                trainer = try ModelTrainer(featureNames: names, settings)
            } learn: { row in
                try trainer?.learn(row)
            }
            return shouldStop() ? nil : try trainer?.finish()
        } catch let error as ForestError where error.code == .invalidConfiguration {
            throw CommandFailure(.invalidConfiguration, error.message)
        } catch {
            throw CommandFailure(.unreadableInput, "\(error)")
        }
    }

    private static func settings(
        _ configuration: EffectiveConfiguration,
        _ invocation: Invocation
    ) -> TrainingSettings {
        var settings = TrainingSettings()
        settings.treeCount = configuration[DetectionSchema.treeCount]
        settings.sampleSize = configuration[DetectionSchema.sampleSize]
        settings.shingleSize = invocation[shingle]
        settings.timeDecay = configuration[DetectionSchema.timeDecay] ?? 0.1 / Double(settings.sampleSize)
        settings.seed = UInt64(configuration[DetectionSchema.seed])
        return settings
    }

    private static func pipelineSettings(_ configuration: EffectiveConfiguration, _ host: Host)
        -> PipelineSettings
    {
        var settings = PipelineSettings()
        settings.format =
            configuration[DetectionSchema.pattern].map { .pattern($0) }
            ?? configuration[DetectionSchema.format].map { .log($0) }
        let features = configuration[DetectionSchema.features].flatMap(\.features)
        settings.features = features.isEmpty ? nil : features
        settings.referenceYear = InstantText.year(milliseconds: host.now())
        return settings
    }
}
