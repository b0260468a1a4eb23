import AWSServices
import AWSTestSupport
import AnomalyDetection
import DetectionPipeline
import Foundation
import HTTPServer
import KafkaTestSupport
import LogRecords
import Retries
import Telemetry
import Testing

@testable import AWSConnector

/// A table and a queue that fail as they are told; what they took is counted.
@Suite("A sink of AWS's that fails", .ownThread)
struct SinkFailureTests {
    /// What a service has taken, by key or body, and how often.
    final class Taken: Sendable {
        private let counts = Locked<[String: Int]>([:])
        /// How many of each call are taken, for as many calls; then all.
        private let shares: Locked<[Int]>

        init(_ shares: [Int]) { self.shares = Locked(shares) }

        var all: [String: Int] { counts.withLock { $0 } }

        /// - Returns: how many of the first it takes now.
        func take(_ names: [String]) -> Int {
            let share = shares.withLock { $0.isEmpty ? nil : $0.removeFirst() } ?? .max
            let taken = names.prefix(share)
            counts.withLock { counts in for name in taken { counts[name, default: 0] += 1 } }
            return taken.count
        }
    }

    /// A table that takes only some of a call's items; an item whose score is 7 it refuses with all of its call.
    static func table(_ taken: Taken) throws -> AWSStub {
        try AWSStub { call in
            let json = try? JSONSerialization.jsonObject(with: Data(call.request.body)) as? [String: Any]
            let requests = (json?["RequestItems"] as? [String: [[String: Any]]])?["t"] ?? []
            if call.body.contains(#""rcf_score":{"N":"7.0"}"#) {
                return .fault(400, "ValidationException", "a score of 7")
            }
            let texts = requests.map { request in
                let data = try? JSONSerialization.data(withJSONObject: request, options: .sortedKeys)
                return String(decoding: data ?? Data(), as: UTF8.self)
            }
            let rest = texts.dropFirst(taken.take(texts))
            return .json(
                #"{"UnprocessedItems":\#(rest.isEmpty ? "{}" : #"{"t":[\#(rest.joined(separator: ","))]}"#)}"#
            )
        }
    }

    static func queue(_ taken: Taken) throws -> AWSStub {
        try AWSStub { call in
            let json = try? JSONSerialization.jsonObject(with: Data(call.request.body)) as? [String: Any]
            let entries = json?["Entries"] as? [[String: Any]] ?? []
            let bodies = entries.map { $0["MessageBody"] as? String ?? "" }
            let poison = bodies.firstIndex { $0.contains("\"score\":7,") }
            let count = taken.take(bodies.enumerated().filter { $0.offset != poison }.map(\.element))
            var position = 0
            var (successful, failed): ([String], [String]) = ([], [])
            for (index, entry) in entries.enumerated() {
                let id = "\"Id\":\"\(entry["Id"] as? String ?? "")\""
                if index == poison {
                    failed.append("{\(id),\"Code\":\"InvalidMessageContents\",\"SenderFault\":true}")
                } else if position < count {
                    position += 1
                    successful.append("{\(id),\"MessageId\":\"m\",\"MD5OfMessageBody\":\"\"}")
                } else {
                    failed.append("{\(id),\"Code\":\"InternalError\",\"SenderFault\":false}")
                }
            }
            return .json(
                #"{"Successful":[\#(successful.joined(separator: ","))],"Failed":[\#(failed.joined(separator: ","))]}"#
            )
        }
    }

    /// A run of 60 records, each an anomaly, into one sink; the fiftieth has the score 7.
    private func run(_ sink: any ScoredRecordSink) throws -> (PipelineProgress, KeepingSink) {
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.format = .log(.json)
        settings.features = [
            Feature(name: "a", source: .field("a"), transform: .identity, isNormalized: false)
        ]
        settings.detector.threshold = .fixed(3)
        settings.retries = RetryPolicy(maximumAttempts: nil, deadline: nil)
        settings.retries.initialDelay = .milliseconds(1)
        settings.retries.maximumDelay = .milliseconds(5)
        let letters = KeepingSink()
        let pipeline = Pipeline(
            source: OneBatch((0..<60).map { #"{"a":\#($0 == 50 ? 7.0 : 10 + Double($0))}"# }),
            scorer: Echo(),
            sinks: [sink],
            deadLetters: letters,
            settings: settings
        )
        return (try pipeline.run(), letters)
    }

    private final class Echo: RowScorer {
        let name = "echo"
        let concurrency = 1
        func callSize(_ rows: ArraySlice<[Double]>) -> Int { rows.count }
        func score(_ rows: ArraySlice<[Double]>) throws -> [Double] { rows.map { $0[0] } }
    }

    @Test("a throttled table takes what it can; the rest comes again alone, and the run goes on by itself")
    func throttledTable() throws {
        let taken = Taken([3, 0, 0, 10, 0, 1])
        let stub = try Self.table(taken)
        stub.inject(
            .refusal(status: 400, code: "ProvisionedThroughputExceededException"),
            .refusal(status: 500, code: "InternalServerError")
        )
        var settings = AWSStub.quickSettings
        settings.retries.maximumAttempts = 2
        let (progress, letters) = try run(DynamoDBSink(stub.client(settings), .init(tableName: "t")))
        #expect(progress.counts.scored == 60 && progress.stall == nil && progress.retries > 0)
        #expect(letters.letters.map(\.identity.offset) == [50])
        #expect(taken.all.count == 59)
        #expect(taken.all.values.allSatisfy { $0 == 1 })
    }

    @Test(
        "half of a batch failed: the other half is not sent again, and one that is refused goes to the dead letters"
    )
    func halfFailedBatch() throws {
        let taken = Taken([5, 10, 0, 4, 0, 0, 2])
        let stub = try Self.queue(taken)
        var settings = AWSStub.quickSettings
        settings.retries.maximumAttempts = 1
        let (progress, letters) = try run(SQSSink(stub.client(settings), queueURL: "\(stub.url)/1/q"))
        #expect(progress.retries > 0 && progress.stall == nil)
        #expect(letters.letters.map(\.identity.offset) == [50])
        #expect(letters.letters.first?.reason.contains("InvalidMessageContents") == true)
        #expect(taken.all.count == 59)
        #expect(taken.all.values.allSatisfy { $0 == 1 })
    }

    @Test("without the right to write, the records are held until somebody mends it")
    func forbidden() throws {
        let taken = Taken([])
        let stub = try Self.table(taken)
        for _ in 0..<4 { stub.inject(.refusal(status: 400, code: "AccessDeniedException")) }
        let (progress, _) = try run(DynamoDBSink(stub.client(), .init(tableName: "t")))
        #expect(progress.retries >= 2 && taken.all.count == 59)
    }
}
