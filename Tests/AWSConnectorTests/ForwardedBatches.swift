import DetectionPipeline
import Retries
import Telemetry

/// Batches to forward, and a source that gives them one after the other.
enum ForwardedBatches {
    static let stream = RecordStream(origin: "kafka:c/app-logs", name: "app-logs", partition: 2)

    /// - Parameters:
    ///   - key: of each record; nil for none.
    ///   - time: milliseconds since 1970, of each.
    static func batch(
        _ offsets: Range<Int64>,
        stream: RecordStream = stream,
        key: (Int64) -> [UInt8]? = { _ in nil },
        value: (Int64) -> [UInt8]? = { Array("line \($0)".utf8) },
        time: (Int64) -> Int64 = { 1_767_607_200_000 + $0 }
    ) -> RecordBatch {
        var batch = RecordBatch(stream: stream)
        func append(_ content: [UInt8]?) -> Range<Int>? {
            guard let content else { return nil }
            defer { batch.bytes += content }
            return batch.bytes.count..<batch.bytes.count + content.count
        }
        for offset in offsets {
            let key = append(key(offset))
            batch.records.append(
                .init(
                    offset: offset,
                    nextOffset: offset + 1,
                    timestampMilliseconds: time(offset),
                    value: append(value(offset)),
                    key: key
                )
            )
        }
        return batch
    }
}

/// Gives batches, each once, and then ends.
final class BatchSource: RecordSource {
    private var batches: ArraySlice<RecordBatch>
    private(set) var committed: [RecordStream: Int64] = [:]

    init(_ batches: [RecordBatch]) { self.batches = batches[...] }

    func next() throws -> SourceEvent { batches.popFirst().map { .batches([$0]) } ?? .end }

    func commit(_ offsets: [RecordStream: Int64]) throws -> Bool {
        committed.merge(offsets) { $1 }
        return true
    }
}

extension Forwarder {
    /// With retries that follow at once, and an end to them.
    convenience init(_ source: BatchSource, to target: any ForwardTarget, letters: KeepingSink? = nil) {
        var settings = ForwardSettings()
        settings.retries.maximumAttempts = 200
        settings.retries.initialDelay = .milliseconds(1)
        settings.retries.maximumDelay = .milliseconds(2)
        self.init(
            source: source,
            target: target,
            undeliverable: SharedDeadLetters(letters, targetName: target.name),
            settings: settings
        )
    }
}
