import AnomalyDetection
import BinaryCoding
import Compression
import DetectionPipeline
import JSONText
import LambdaFunction
import LambdaRuntime
import LogRecords
import Telemetry

/// Keeps what it is given, a record once, as a table does.
final class TableSink: ScoredRecordSink {
    let name = "table"
    private(set) var scores: [RecordIdentity: Double] = [:]
    /// Records with another score than before under the same identity.
    private(set) var contradictions = 0
    var failures: [any Error] = []
    /// Refuses records whose line holds this.
    var poison: String?

    func store(_ records: [ScoredRecord]) throws {
        if let error = failures.popLast() { throw error }
        if let poison, records.contains(where: { $0.line?.contains(poison) == true }) {
            throw Failure(failureKind: .poison)
        }
        for record in records {
            if let before = scores[record.identity], before != record.verdict.score { contradictions += 1 }
            scores[record.identity] = record.verdict.score
        }
    }
}

final class LetterBox: DeadLetterSink {
    private(set) var letters: [DeadLetter] = []

    func store(_ letters: [DeadLetter]) throws { self.letters += letters }
}

struct Failure: ClassifiedError, CustomStringConvertible {
    var failureKind: FailureKind = .transient
    var description: String { "on purpose" }
}

/// Objects in memory, as a bucket keeps them.
final class MemoryStorage: VersionedStorage {
    private var objects: [String: (bytes: [UInt8], version: Int)] = [:]
    private var lastVersion = 0
    private(set) var readCount = 0
    private(set) var writeCount = 0
    /// Called before the next write, once: somebody else's turn.
    var beforeWrite: (() throws -> Void)?

    var keys: Set<String> { Set(objects.keys) }

    func read(_ key: String, unless version: ObjectVersion?) throws -> ObjectReading {
        readCount += 1
        guard let object = objects[key] else { return .absent }
        let found = ObjectVersion("\(object.version)")
        return found == version ? .unchanged : .found(object.bytes, found)
    }

    func write(_ key: String, _ bytes: [UInt8], over version: ObjectVersion?) throws -> ObjectVersion? {
        if let turn = beforeWrite {
            beforeWrite = nil
            try turn()
        }
        guard objects[key].map({ ObjectVersion("\($0.version)") }) == version else { return nil }
        lastVersion += 1
        writeCount += 1
        objects[key] = (bytes, lastVersion)
        return ObjectVersion("\(lastVersion)")
    }

    func remove(_ key: String) { objects[key] = nil }
}

/// The objects of one bucket, handed out in pieces.
final class MemoryObjects: ObjectReader {
    var objects: [String: [UInt8]] = [:]
    var pieceLength = 777

    func read(_ object: S3Event.Object, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        guard let bytes = objects[object.key] else { throw Failure(failureKind: .permanent) }
        for start in stride(from: 0, to: bytes.count, by: pieceLength) {
            try Array(bytes[start..<min(start + pieceLength, bytes.count)]).withUnsafeBufferPointer(body)
        }
    }
}

/// All that outlives an environment, and environments made on it.
final class World {
    let table = TableSink()
    let letters = LetterBox()
    let storage = MemoryStorage()
    let objects = MemoryObjects()
    var settings = FunctionSettings()
    var hasStorage = true
    var now: Int64 = 0
    /// After which step the next environment ends, once.
    var stopPoint: StopPoint?

    struct Stopped: Error {}

    init() {
        settings.pipeline.detector.treeCount = 20
        settings.pipeline.detector.sampleSize = 64
        settings.pipeline.detector.threshold = .fixed(1.5)
        settings.pipeline.format = .log(.logfmt)
    }

    func environment(logger: Logger = .silent) -> LambdaFunction {
        LambdaFunction(
            settings,
            sinks: [table],
            deadLetters: letters,
            storage: hasStorage ? storage : nil,
            objects: objects,
            logger: logger,
            now: { self.now },
            stop: { point in
                guard point == self.stopPoint else { return }
                self.stopPoint = nil
                throw Stopped()
            }
        )
    }
}

/// Seeded log lines, one in a hundred of them unusual.
enum Lines {
    static func line(_ index: Int) -> String {
        var word = UInt64(index) &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 29)) &* 0xbf58_476d_1ce4_e5b9
        let (latency, bytes) = (20 + word % 10, 400 + (word >> 32) % 90)
        return index % 100 == 99
            ? "level=error latency=\(latency * 400) bytes=3" : "level=info latency=\(latency) bytes=\(bytes)"
    }

    static func base64(_ index: Int) -> String {
        String(decoding: Base64.encode(Array(line(index).utf8)), as: UTF8.self)
    }
}

enum Events {
    static func kafka(_ partitions: [Int: [Int]]) -> String {
        let records = partitions.sorted { $0.key < $1.key }.map { partition, offsets in
            let records = offsets.map { offset in
                #"{"topic":"app-logs","partition":\#(partition),"offset":\#(offset),"timestamp":\#(offset + 1),"#
                    + #""value":"\#(Lines.base64(offset))","headers":[]}"#
            }
            return #""app-logs-\#(partition)":[\#(records.joined(separator: ","))]"#
        }
        return
            #"{"eventSource":"SelfManagedKafka","bootstrapServers":"b:9092","records":{\#(records.joined(separator: ","))}}"#
    }

    static func kinesis(_ numbers: [Int]) -> String {
        let records = numbers.map { number in
            #"{"eventID":"shard-1:4959\#(100_000 + number)","eventSource":"aws:kinesis","eventSourceARN":"arn:aws:kinesis:r:a:stream/s","#
                + #""kinesis":{"sequenceNumber":"4959\#(100_000 + number)","data":"\#(Lines.base64(number))"}}"#
        }
        return #"{"Records":[\#(records.joined(separator: ","))]}"#
    }

    static func sqs(_ indices: [Int]) -> String {
        let records = indices.map {
            #"{"messageId":"m\#($0)","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:r:a:q","body":"\#(Lines.line($0))"}"#
        }
        return #"{"Records":[\#(records.joined(separator: ","))]}"#
    }

    static func cloudWatchLogs(_ indices: [Int]) throws -> String {
        let events = indices.map { #"{"id":"\#($0)","timestamp":1,"message":"\#(Lines.line($0))"}"# }
        let text =
            #"{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[\#(events.joined(separator: ","))]}"#
        let compressor = try Compressor(format: .gzip)
        var bytes: [UInt8] = []
        try Array(text.utf8).withUnsafeBufferPointer { try compressor.feed($0) { bytes += $0 } }
        try compressor.finish { bytes += $0 }
        return #"{"awslogs":{"data":"\#(String(decoding: Base64.encode(bytes), as: UTF8.self))"}}"#
    }

    static func direct(_ indices: [Int]) -> String {
        #"{"records":[\#(indices.map { #"{"value":"\#(Lines.line($0))"}"# }.joined(separator: ","))]}"#
    }

    static func s3(_ key: String) -> String {
        #"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":"#
            + #"{"key":"\#(key)","eTag":"e1","size":1}}}]}"#
    }
}

extension LambdaFunction {
    func answer(_ event: String, deadline: Int64 = .max) throws -> String {
        // An event that comes again has its id again.
        let invocation = Invocation(
            requestID: "r\(stableHash(event.utf8))",
            deadlineMilliseconds: deadline,
            event: Array(event.utf8)
        )
        return String(decoding: try handle(invocation), as: UTF8.self)
    }
}

let success = #"{"batchItemFailures":[]}"#
