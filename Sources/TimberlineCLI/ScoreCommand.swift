import AnomalyStore
import CommandLineArguments
import Configuration
import DetectionConfiguration
import DetectionPipeline
import TypedValues

/// `timberline score`: files and pipes, no configuration needed.
enum ScoreCommand: CommandRunner {
    static let files = Positional.repeated(
        "FILE",
        .file,
        help: "Files to read as one stream, in this order; - is standard input. gzip and zstd are read too."
    )
    static let output = Option(
        "output",
        short: "o",
        .choice,
        default: OutputFormat.text,
        help: "Form of the output."
    )
    static let top = Option(
        "top",
        .integer(in: 1...100_000),
        help: "Only the N records with the highest scores."
    )
    static let all = Option.flag("all", help: "Every scored record, not only the anomalous ones.")
    static let failOnAnomaly = Option.flag("fail-on-anomaly", help: "End with code 3 if there are anomalies.")
    static let store = Option("store", .file, help: "Also store the anomalies in this SQLite file.")
    static let deadLetters = Option(
        "dead-letters",
        .file,
        help: "Append lines that cannot be parsed to this file, as JSON with the reason."
    )
    static let config = Option("config", short: "c", .file, help: "Configuration file (YAML).")

    static let schema = Schema([DetectionSchema.group, SettingGroup("Output", [DetectionSchema.keepsLine])])

    static let command = Command(
        "score",
        summary: "Score the lines of files or a pipe.",
        discussion: """
            Prints the anomalous lines: time, score, what drove it, what was expected. Scores start after 32 \
            lines and are marked early until the model has seen as many lines as its trees remember. A summary \
            goes to standard error.
            """,
        examples: [
            .init("timberline score access.log", "find the format, score, explain"),
            .init("kubectl logs -f deploy/web | timberline score -", "live"),
            .init(
                "timberline score --by service --output json app.log.gz",
                "a model for each service, as JSON"
            ),
        ],
        arguments: [files, output, top, all, failOnAnomaly, store, deadLetters, config] + schema.options
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let configuration = try ConfigurationLoading.resolve(
            schema,
            path: invocation[config],
            invocation: invocation,
            host: host
        )
        var settings = DetectionSchema.pipelineSettings(
            configuration,
            referenceYear: InstantText.year(milliseconds: host.now())
        )
        settings.reportsAll = invocation[all] || invocation[top] != nil
        let paths = invocation[files].isEmpty ? ["-"] : invocation[files]
        if paths == ["-"], SystemDescriptor.isTerminal(0) {
            throw UsageError(.missingArgument, "give files, or - and a pipe", command: "timberline score")
        }
        return try CommandFailure.sorting { try score(paths, settings, configuration, invocation, host) }
    }

    private static func score(
        _ paths: [String],
        _ settings: PipelineSettings,
        _ configuration: EffectiveConfiguration,
        _ invocation: Invocation,
        _ host: Host
    ) throws -> ExitCode {
        let printer = RecordPrinter(format: invocation[output], host: host)
        let top = invocation[top].map { TopRecords(count: $0) }
        let summary = RunSummary(host: host)
        var sinks: [any ScoredRecordSink] = [summary]
        if let path = invocation[store] {
            sinks.append(try CommandFailure.catching(.cannotWrite) { try AnomalyStore(path: path) })
        }
        sinks.append(top ?? printer)
        let source = try FileRecordSource(paths: paths, runIdentity: host.runIdentity)
        let progress = ProgressBar(host: host)
        let pipeline = Pipeline(
            source: source,
            sinks: sinks,
            deadLetters: try invocation[deadLetters].map { try DeadLetterFile(path: $0) },
            settings: settings,
            history: configuration[DetectionSchema.warmUp].map { path in
                { try FileRecordSource(paths: [path], runIdentity: host.runIdentity) }
            },
            onProgress: { progress.show($0.counts, read: source.readBytes, of: source.totalBytes) }
        )
        let result = try pipeline.run(until: host.shouldStop)
        progress.clear()
        try top?.print(with: printer)
        try printer.finish()
        summary.print(result)
        if host.shouldStop() { return .interrupted }
        return invocation[failOnAnomaly] && result.counts.anomalous > 0 ? .anomaliesFound : .success
    }
}

/// The form of data on standard output.
enum OutputFormat: String, CaseIterable, Sendable {
    case text, json
}
