import AnomalyStore
import DetectionPipeline
import Foundation
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// `timberline inspect` on what `timberline run` saved.
@Suite(.ownThread) struct InspectTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func objects(_ result: Scratch.Result) throws -> [[String: Any]] {
        try result.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test(
        "it shows what was saved in each kind of place, and forgets a stream on demand",
        arguments: ["store", "directory", "topic"]
    )
    func places(_ kind: String) throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let service = try ServiceGroup(scratch, cluster, linesEach: 100)
        let place =
            switch kind {
            case "directory": "directory:\(scratch.path("checkpoints"))"
            case "topic": "topic:\(cluster.uniqueName("checkpoints"))"
            default: "store"
            }
        try service.produce(0..<100)
        let run = service.command(store: "store.db", checkpoints: place, ["--exit-at-end"])
        _ = try scratch.finish(run)
        let inspect = ["inspect", place, "--store", scratch.path("store.db"), "--brokers", cluster.brokers]
        let shown = try scratch.run(inspect + ["--output", "json"])
        #expect(shown.code == .success, "\(shown.errors)")
        let objects = try objects(shown)
        #expect(objects.map { $0["partition"] as? Int } == [0, 1])
        for object in objects {
            #expect(object["group"] as? String == service.group)
            #expect(object["topic"] as? String == service.topic)
            #expect(object["next_offset"] as? Int == 100)
            #expect(object["whole"] as? Bool == true)
            #expect(object["models"] as? Int == 3 && object["entities"] as? Int == 3)
            #expect(object["format"] as? String == "json")
            #expect((object["features"] as? [String])?.contains("duration_ms") == true)
            let settings = object["settings"] as? [String: Any]
            #expect(settings?["trees"] as? Int == 10 && settings?["by"] as? String == "service")
            #expect(try #require(object["bytes"] as? Int) > 1_000)
            #expect(try #require(object["age_seconds"] as? Double) >= 0)
        }
        let text = try scratch.run(inspect)
        #expect(text.output.contains("\(service.group)/\(service.topic)/1  next offset 100  saved 2"))
        #expect(text.output.contains("json by service, 3 models of 10 trees and 256 samples: "))

        let forgotten = try scratch.run(inspect + ["--forget", "\(service.group)/\(service.topic)/1"])
        #expect(forgotten.code == .success, "\(forgotten.errors)")
        let left = try self.objects(try scratch.run(inspect + ["--output", "json"]))
        #expect(left.map { $0["partition"] as? Int } == [0])
        let unknown = try scratch.run(inspect + ["--forget", "\(service.group)/\(service.topic)/1"])
        #expect(unknown.code == .unreadableInput && unknown.errors.contains("there is no checkpoint"))
        // Only the partition that was forgotten begins anew, and says so.
        let again = try scratch.finish(run)
        #expect(again.count(of: "checkpoint_missing") == 1 && again.count(of: "checkpoint_loaded") == 1)
    }

    @Test("a damaged checkpoint is shown with the reason")
    func damaged() throws {
        let stream = RecordStream(origin: "kafka:c/logs", name: "logs", partition: 4)
        let path = scratch.path("checkpoints")
        do {
            let store = CheckpointStore(try DirectoryCheckpointStorage(path: path), group: "g")
            _ = try store.load([stream], generation: 1)
            let change = CheckpointChange(nextOffset: 7, savedAt: 1_000, isWhole: true)
            try store.save(change, of: stream)
        }
        let whole = try scratch.run(["inspect", "directory:\(path)"])
        #expect(whole.output.contains("g/logs/4  next offset 7  saved 1970-01-01T00:00:01Z"))
        #expect(whole.output.contains("at its start, no models yet"))
        let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        let head = try #require(files.first { $0.hasSuffix("head") })
        var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(head)"))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: "\(path)/\(head)"))
        let damaged = try scratch.run(["inspect", "directory:\(path)"])
        #expect(damaged.code == .success)
        #expect(damaged.output.contains("g/logs/4  ") && damaged.output.contains("NOT WHOLE"))
        #expect(damaged.output.contains("    damaged: 1-1/head: "))
        let json = try objects(try scratch.run(["inspect", "directory:\(path)", "--output", "json"]))
        #expect(json.first?["whole"] as? Bool == false)
        #expect((json.first?["problems"] as? [String])?.isEmpty == false)
    }

    @Test("a place that is not there is an error, and is not made")
    func absent() throws {
        for place in ["store", "directory:\(scratch.path("none"))"] {
            let result = try scratch.run(["inspect", place, "--store", scratch.path("none.db")])
            #expect(result.code == .unreadableInput, "\(place): \(result.errors)")
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path("")).allSatisfy {
                !$0.hasPrefix("none")
            }
        )
        #expect(try scratch.run(["inspect", "topic:t"]).errors.contains("--brokers"))
        #expect(try scratch.run(["inspect", "none"]).code == .usage)
    }
}
