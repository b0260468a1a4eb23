import AWSConnector
import AWSServices
import AWSTestSupport
import DetectionPipeline
import Foundation
import Glibc
import HTTPServer
import JSONText
import KafkaTestSupport
import LambdaRuntime
import Retries
import Telemetry
import Testing

/// A service that takes two calls at once, and after so many as many as come.
@Suite("Forwarding to a service that is asked too often", .ownThread)
struct ForwardThrottlingTests {
    enum Service: CaseIterable { case lambda, kinesis, bucket }

    private struct Load {
        var isNarrow = true
        var underWay = 0
        var refusedCount = 0
        /// Offsets by partition, as they were taken.
        var taken: [Int: [Int64]] = [:]
        var takenCount = 0
    }

    private static let partitions = 0..<8
    private static let perPartition: Int64 = 40
    private static let narrowCount = 120

    private static func stub(_ service: Service, _ load: Locked<Load>) throws -> AWSStub {
        try AWSStub { call in
            let isTaken = load.withLock { load in
                guard !load.isNarrow || load.underWay < 2 else {
                    load.refusedCount += 1
                    return false
                }
                load.underWay += 1
                return true
            }
            guard isTaken else { return .throttled(call.request) }
            usleep(10_000)
            guard let (partition, offset) = record(of: call, service) else {
                return .fault(400, "ValidationException", "no record")
            }
            load.withLock { load in
                load.underWay -= 1
                load.taken[partition, default: []].append(offset)
                load.takenCount += 1
                if load.takenCount == narrowCount { load.isNarrow = false }
            }
            switch service {
            case .lambda: return .json("null")
            case .kinesis:
                return .json(#"{"FailedRecordCount":0,"Records":[{"SequenceNumber":"1","ShardId":"0"}]}"#)
            case .bucket: return HTTPResponse(headers: ["ETag": "\"1\""])
            }
        }
    }

    /// Partition and offset of the one record of a call.
    private static func record(of call: AWSStub.Call, _ service: Service) -> (Int, Int64)? {
        switch service {
        case .lambda:
            guard case .kafka(let event)? = try? LambdaEvent(call.request.body),
                let record = event.partitions.first?.records.first
            else { return nil }
            return (Int(event.partitions[0].number), record.offset)
        case .kinesis:
            guard let put = try? JSONValue(call.request.body)["Records"]?.array?.first?["Data"]?.string,
                let data = Data(base64Encoded: put), let line = try? JSONValue(Array(data)),
                let partition = line["partition"]?.integer, let offset = line["offset"]?.integer
            else { return nil }
            return (Int(partition), offset)
        case .bucket:
            let parts = call.request.path.split(separator: "+")
            guard parts.count == 4, let partition = Int(parts[1]), let offset = Int64(parts[2]) else {
                return nil
            }
            return (partition, offset)
        }
    }

    private static func target(_ service: Service, _ stub: AWSStub) -> any ForwardTarget {
        var settings = AWSStub.quickSettings
        settings.retries.maximumAttempts = 1
        let client = stub.client(settings)
        let limits = BatchLimits(recordCount: 1, byteCount: .max)
        return switch service {
        case .lambda:
            LambdaTarget(
                client,
                .init(functionName: "f", bootstrapServers: "b:9092"),
                limits: limits,
                timeout: .seconds(20)
            )
        case .kinesis: KinesisTarget(client, .init(stream: "s"), limits: limits)
        case .bucket: S3Target(client, .init(bucket: "b"), limits: limits)
        }
    }

    @Test(
        "calls become as few as it takes, and more when it takes more; nothing is lost or overtaken",
        arguments: Service.allCases
    )
    func adapts(_ service: Service) throws {
        let load = Locked(Load())
        let stub = try Self.stub(service, load)
        let batches = Self.partitions.map { partition in
            var stream = ForwardedBatches.stream
            stream.partition = Int32(partition)
            return ForwardedBatches.batch(0..<Self.perPartition, stream: stream)
        }
        let target = Self.target(service, stub)
        var settings = ForwardSettings()
        settings.concurrency = 8
        settings.retries.initialDelay = .microseconds(100)
        settings.retries.maximumDelay = .microseconds(100)
        let source = BatchSource(batches)
        var widest = 0
        let forwarder = Forwarder(
            source: source,
            target: target,
            undeliverable: SharedDeadLetters(nil, targetName: target.name),
            settings: settings,
            onProgress: { progress in
                if load.withLock({ !$0.isNarrow }) { widest = max(widest, progress.callsUnderWay) }
            }
        )
        let progress = try forwarder.run()
        let (taken, refused) = load.withLock { ($0.taken, $0.refusedCount) }
        let all = Array(0..<Self.perPartition)
        #expect(taken == Dictionary(uniqueKeysWithValues: Self.partitions.map { ($0, all) }))
        #expect(progress.forwarded == 320 && progress.deadLetters == 0)
        #expect(source.committed.values.allSatisfy { $0 == Self.perPartition } && source.committed.count == 8)
        // Of eight that ask for two places again and again, most would be refused.
        #expect(refused > 0 && refused < Self.narrowCount, "\(refused) refused")
        #expect(widest >= 6, "\(widest) at once")
    }
}
