public import AWSServices
public import Compression
public import DetectionPipeline

/// Objects in an S3 bucket, each with the records of a partition and an hour, one a line, compressed.
///
/// An object's name follows from its first record. What is stored again after a crash finds itself there: an object is
/// written over by one that goes on further, and never by one that ends before it.
public final class S3Target: ForwardTarget {
    public struct Settings: Sendable {
        public var bucket: String
        /// Of all keys; ends with a slash, or is empty.
        public var prefix: String
        public var compression: CompressionFormat = .gzip
        public var form: ForwardedRecord = .record

        public init(bucket: String, prefix: String = "") {
            self.bucket = bucket
            self.prefix = prefix
        }
    }

    public let limits: BatchLimits
    private let client: AWSClient
    private let settings: Settings

    public init(_ client: AWSClient, _ settings: Settings, limits: BatchLimits) {
        self.client = client
        self.settings = settings
        self.limits = limits
    }

    public var name: String { "bucket \(settings.bucket)" }

    public func send(_ batch: RecordBatch) throws {
        // Whole or not at all: the same records again give the same objects, of which those that are there find themselves.
        for positions in batch.positionsByHour {
            do {
                try store(positions, of: batch)
            } catch let error as AWSError {
                throw S3Failure(error: error)
            }
        }
    }

    private func store(_ positions: [Int], of batch: RecordBatch) throws {
        guard let first = positions.first, let last = positions.last else { return }
        var text: [UInt8] = []
        for position in positions {
            text += settings.form.bytes(batch.records[position], of: batch)
            text.append(UInt8(ascii: "\n"))
        }
        let name = S3ObjectName(first: batch.records[first], batch.stream, suffix: suffix)
        try store(
            S3.Place(bucket: settings.bucket, key: settings.prefix + name.key),
            try compressed(text),
            last: batch.records[last].offset
        )
    }

    /// What an object says of its last record.
    private static let lastOffset = "last-offset"
    /// How often somebody else may have changed the object in between.
    private static let raceLimit = 10

    private func store(_ place: S3.Place, _ body: [UInt8], last: Int64) throws(AWSError) {
        var condition = S3.Condition.absent
        for _ in 0..<Self.raceLimit {
            do throws(AWSError) {
                let call = S3.PutObject(
                    place,
                    body: body,
                    condition: condition,
                    contentType: "application/x-ndjson",
                    metadata: [Self.lastOffset: String(last)]
                )
                _ = try client.send(call)
                return
            } catch {
                // Where the object to be written over is no more, S3 says that it is not found.
                let isGone =
                    condition != .absent && error.code == .notFound && error.errorCode != "NoSuchBucket"
                guard error.code == .conditionFailed || isGone else { throw error }
            }
            do throws(AWSError) {
                let present = try client.send(S3.HeadObject(place, metadataNames: [Self.lastOffset]))
                if let end = present.metadata[Self.lastOffset].flatMap({ Int64($0) }), end >= last { return }
                condition = .unchanged(entityTag: present.entityTag)
            } catch {
                guard error.code == .notFound else { throw error }
                condition = .absent
            }
        }
        throw AWSError(.conflict, "s3 PutObject: others keep changing '\(place.key)'", isRetriable: true)
    }

    private var suffix: String {
        let form = settings.form == .record ? ".jsonl" : ".log"
        return switch settings.compression {
        case .none: form
        case .gzip: form + ".gz"
        case .zstd: form + ".zst"
        }
    }

    private func compressed(_ text: [UInt8]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let compressor = try Compressor(format: settings.compression)
        try text.withUnsafeBufferPointer { text in
            try compressor.feed(text) { bytes.append(contentsOf: $0) }
        }
        try compressor.finish { bytes.append(contentsOf: $0) }
        return bytes
    }
}

/// What S3 refuses says something of the bucket, and nothing of the records: they are held until somebody mends it.
private struct S3Failure: DelayedError, ThrottlingError, CustomStringConvertible {
    let error: AWSError

    var failureKind: FailureKind { error.failureKind == .poison ? .transient : error.failureKind }
    var retryAfter: Duration? { error.retryAfter }
    var isThrottling: Bool { error.isThrottling }
    var description: String { error.description }
}

extension RecordBatch {
    /// The positions of the records of each hour (UTC), the hours in the order in which they begin.
    fileprivate var positionsByHour: [[Int]] {
        var hours: [Int64: Int] = [:]
        var groups: [[Int]] = []
        for (position, record) in records.enumerated() {
            let hour = record.timestampMilliseconds / 3_600_000
            let group = hours[hour] ?? groups.count
            if group == groups.count {
                hours[hour] = group
                groups.append([])
            }
            groups[group].append(position)
        }
        return groups
    }
}
