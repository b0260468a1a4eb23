public import DetectionPipeline

/// A source that shows what passes through it.
public final class ObservedSource: RecordSource {
    private let source: any RecordSource
    private let monitor: PipelineMonitor

    public init(_ source: any RecordSource, monitor: PipelineMonitor) {
        self.source = source
        self.monitor = monitor
    }

    public func next() throws -> SourceEvent {
        monitor.willWait()
        let event = try source.next()
        monitor.received(event)
        return event
    }

    public func begin(at offsets: [RecordStream: Int64]) throws -> [RecordStream: Int64] {
        try source.begin(at: offsets)
    }

    public func commit(_ offsets: [RecordStream: Int64]) throws -> Bool {
        monitor.finished(offsets)
        return try source.commit(offsets)
    }

    public func pause() throws { try source.pause() }

    public func resume() throws { try source.resume() }

    public var needsPolling: Bool { source.needsPolling }

    public func keepAlive() { source.keepAlive() }
}
