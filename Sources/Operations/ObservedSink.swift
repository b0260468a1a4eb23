public import DetectionPipeline
import Telemetry

/// A sink that shows how long it takes, and whether it refuses.
public final class ObservedSink: ScoredRecordSink {
    public let name: String
    private let sink: any ScoredRecordSink
    private let observer: SinkObserver

    /// - Parameter name: what metrics and `/readyz` call it.
    public init(_ sink: any ScoredRecordSink, name: String, metrics: ServiceMetrics, health: ServiceHealth) {
        self.sink = sink
        self.name = name
        observer = SinkObserver(name: name, metrics: metrics, health: health)
    }

    public var isIdempotent: Bool { sink.isIdempotent }

    public func store(_ records: [ScoredRecord]) throws {
        try observer.observe { try sink.store(records) }
    }
}

/// The same for dead letters, which are counted too.
public final class ObservedDeadLetters: DeadLetterSink {
    private let sink: any DeadLetterSink
    private let stored: Counter
    private let observer: SinkObserver

    public init(_ sink: any DeadLetterSink, metrics: ServiceMetrics, health: ServiceHealth) {
        self.sink = sink
        stored = metrics.deadLetters
        observer = SinkObserver(name: "dead_letters", metrics: metrics, health: health)
    }

    public func store(_ letters: [DeadLetter]) throws {
        try observer.observe { try sink.store(letters) }
        stored.increment(by: letters.count)
    }
}
