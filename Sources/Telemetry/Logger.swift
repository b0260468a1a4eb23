/// Writes leveled, structured log lines with stable keys.
///
/// Every line begins with `time`, `level`, `event` and `message`; the fields of
/// the logger follow, then those of the call, each in the order given. `event`
/// is the stable name of what happened (`partitions_assigned`), for machines;
/// `message` is for people and may change.
///
/// A logger is a value: `adding` gives one with more fields.
public struct Logger: Sendable {
    public let format: LogFormat
    private let threshold: LogThreshold
    private let fields: [(key: String, value: LogValue)]
    private let sink: any LogSink
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - level: lines below it are not written, nor their fields computed.
    ///   - sink: where lines go; standard error unless given.
    ///   - millisecondsNow: the time in milliseconds since 1970, UTC.
    public init(
        level: LogLevel = .info,
        format: LogFormat = .logfmt,
        sink: any LogSink = StandardErrorSink(),
        millisecondsNow: @escaping @Sendable () -> Int64 = wallClockMilliseconds
    ) {
        self.init(
            threshold: LogThreshold(level),
            format: format,
            fields: [],
            sink: sink,
            now: millisecondsNow
        )
    }

    private init(
        threshold: LogThreshold,
        format: LogFormat,
        fields: [(key: String, value: LogValue)],
        sink: any LogSink,
        now: @escaping @Sendable () -> Int64
    ) {
        self.threshold = threshold
        self.format = format
        self.fields = fields
        self.sink = sink
        self.now = now
    }

    /// The least severe lines that are written.
    public var level: LogLevel { threshold.level }

    /// Changes the level of this logger, of the one that it was made from, and of all made from that.
    public func setLevel(_ level: LogLevel) { threshold.level = level }

    /// A logger that writes nothing.
    public static var silent: Logger {
        Logger(level: .error, sink: SilentSink())
    }

    /// This logger with more fields on every line.
    public func adding(_ more: KeyValuePairs<String, LogValue>) -> Logger {
        Logger(
            threshold: threshold,
            format: format,
            fields: fields + more.map { (key: $0.key, value: $0.value) },
            sink: sink,
            now: now
        )
    }

    public func log(
        _ level: LogLevel,
        _ event: String,
        _ message: @autoclosure () -> String,
        _ more: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        guard level >= threshold.level else { return }
        var line = LogLine(format: format)
        line.append("time", .string(timestampText(milliseconds: now())))
        line.append("level", .string(level.rawValue))
        line.append("event", .string(event))
        line.append("message", .string(message()))
        for field in fields { line.append(field.key, field.value) }
        for field in more() { line.append(field.key, field.value) }
        sink.write(line.finished())
    }

    public func debug(
        _ event: String,
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        log(.debug, event, message(), fields())
    }

    public func info(
        _ event: String,
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        log(.info, event, message(), fields())
    }

    public func warning(
        _ event: String,
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        log(.warning, event, message(), fields())
    }

    public func error(
        _ event: String,
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        log(.error, event, message(), fields())
    }
}

private struct SilentSink: LogSink {
    func write(_ line: [UInt8]) {}
}
