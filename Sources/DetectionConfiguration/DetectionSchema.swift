public import AnomalyDetection
public import Configuration
public import DetectionPipeline
public import LogRecords
public import Patterns
public import TypedValues

/// The settings of detection, the same for every command and every host that scores.
public enum DetectionSchema {
    public static let format = Setting<LogFormat?>(
        "format",
        ValueType.logFormat,
        flag: "format",
        help: "Format of the lines, such as json, combined, logfmt, text; found by itself if not given."
    )
    public static let pattern = Setting<Pattern?>(
        "pattern",
        ValueType.pattern,
        flag: "pattern",
        help: "Regular expression (PCRE2) for the lines, instead of a format; its named groups become fields."
    )
    public static let entityField = Setting(
        "detection.by",
        .string.named("FIELD"),
        flag: "by",
        help: "Keep a model for each value of this field."
    )
    public static let threshold = Setting<ThresholdPolicy>(
        "detection.threshold",
        ValueType.threshold,
        default: .standard,
        flag: "threshold",
        help: """
            Score above which a record is anomalous: a number (3.0 is customary), or adaptive: the mean and 3 \
            standard deviations of the recent scores.
            """
    )
    public static let treeCount = Setting(
        "detection.trees",
        .integer(in: 1...1_000),
        default: 50,
        flag: "trees",
        help: "Trees in each model."
    )
    public static let sampleSize = Setting(
        "detection.samples",
        .integer(in: 2...65_536),
        default: 256,
        flag: "samples",
        help: "Records each tree remembers."
    )
    public static let timeDecay = Setting(
        "detection.time-decay",
        .number(in: 0...1),
        flag: "time-decay",
        help: "How fast old records are forgotten, per record; 0.1 / samples if not given."
    )
    public static let seed = Setting(
        "detection.seed",
        .integer(in: 0...),
        default: 0,
        flag: "seed",
        help: "Seed of the models' randomness: the same seed and input give the same output."
    )
    public static let maximumEntities = Setting(
        "detection.maximum-entities",
        .integer(in: 1...1_000_000),
        default: 1_000,
        flag: "maximum-entities",
        help: "Models kept per partition; beyond, the longest unused are dropped."
    )
    public static let features = Setting<[ConfiguredFeature]>(
        "detection.features",
        .records(of: ConfiguredFeature.self, read: { ConfiguredFeature(&$0) }, write: { $0.texts }),
        default: [],
        help: "The fields to watch; those that matter for the format if not given."
    )
    public static let warmUp = Setting<String?>(
        "warm-up",
        ValueType.file,
        flag: "warm-up",
        help: "Log file that the models learn before the first record."
    )
    public static let threads = Setting(
        "threads",
        .integer(in: 1...256),
        default: 1,
        flag: "threads",
        help: "Threads for parsing and scoring; results do not depend on it."
    )
    public static let keepsLine = Setting<Bool>(
        "output.line",
        ValueShape.flag,
        default: true,
        flag: "line",
        help: "Keep the log line with each anomaly (--no-line leaves it out)."
    )

    public static let group = SettingGroup(
        "Detection",
        [
            format, pattern, entityField, threshold, treeCount, sampleSize, timeDecay, seed, maximumEntities,
            features,
            warmUp, threads,
        ]
    )

    /// - Parameter referenceYear: of a stream's first line, for times that state none.
    public static func pipelineSettings(
        _ configuration: EffectiveConfiguration,
        referenceYear: Int
    ) -> PipelineSettings {
        var settings = detectionSettings(configuration, referenceYear: referenceYear)
        settings.detector.threshold = configuration[threshold]
        settings.threads = configuration[threads]
        return settings
    }

    /// What every host has: all but the threshold and the threads.
    public static func detectionSettings(
        _ configuration: EffectiveConfiguration,
        referenceYear: Int
    ) -> PipelineSettings {
        var settings = PipelineSettings()
        settings.format =
            configuration[pattern].map { .pattern($0) } ?? configuration[format].map { .log($0) }
        let features = configuration[Self.features].flatMap(\.features)
        settings.features = features.isEmpty ? nil : features
        settings.entityField = configuration[entityField]
        settings.detector.treeCount = configuration[treeCount]
        settings.detector.sampleSize = configuration[sampleSize]
        settings.detector.timeDecay = configuration[timeDecay]
        settings.detector.seed = UInt64(configuration[seed])
        settings.detector.maximumEntities = configuration[maximumEntities]
        settings.referenceYear = referenceYear
        if !configuration[keepsLine] { settings.lineLimit = 0 }
        return settings
    }
}

extension ValueType where Value == LogFormat {
    public static var logFormat: ValueType {
        ValueType(placeholder: "FORMAT", completion: .choices(LogFormat.bodyNames)) {
            (text: String) throws(ValueError) -> LogFormat in
            guard let format = LogFormat(name: text) else {
                throw ValueError(
                    text,
                    "is no format that is known",
                    suggestion: ClosestName.of(text, in: LogFormat.bodyNames)
                )
            }
            return format
        } write: {
            $0.name
        }
    }
}

extension ValueType where Value == Pattern {
    public static var pattern: ValueType {
        ValueType(placeholder: "REGEX") { (text: String) throws(ValueError) -> Pattern in
            let pattern: Pattern
            do throws(PatternError) { pattern = try Pattern(text) } catch {
                throw ValueError(text, error.message)
            }
            guard !pattern.names.isEmpty else {
                throw ValueError(text, "has no named group, such as (?<status>\\d+)")
            }
            return pattern
        } write: {
            $0.text
        }
    }
}

extension ValueType where Value == ThresholdPolicy {
    public static var threshold: ValueType {
        ValueType(placeholder: "adaptive|NUMBER", completion: .choices(["adaptive"])) {
            (text: String) throws(ValueError) -> ThresholdPolicy in
            if text == "adaptive" { return .standard }
            guard let value = try? ValueType<Double>.number(in: 0...).value(of: text) else {
                throw ValueError(text, "is neither 'adaptive' nor a number from 0 on")
            }
            return .fixed(value)
        } write: {
            if case .fixed(let value) = $0 { ValueType<Double>.number.text(of: value) } else { "adaptive" }
        }
    }
}
