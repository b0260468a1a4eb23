public import DetectionPipeline

/// A model outside that shows how long its calls take, and whether they fail.
public final class ObservedScorer: RowScorer {
    private let scorer: any RowScorer
    private let observer: SinkObserver

    public init(_ scorer: any RowScorer, metrics: ServiceMetrics, health: ServiceHealth) {
        self.scorer = scorer
        observer = SinkObserver(name: "scorer", metrics: metrics, health: health)
    }

    public var name: String { scorer.name }
    public var concurrency: Int { scorer.concurrency }

    public func callSize(_ rows: ArraySlice<[Double]>) -> Int { scorer.callSize(rows) }

    public func score(_ rows: ArraySlice<[Double]>) throws -> [Double] {
        try observer.observe { try scorer.score(rows) }
    }
}
