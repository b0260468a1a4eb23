import Foundation
import HTTPTestSupport
import KafkaTestSupport
import ModelEndpoint
import SeededNumbers
import Testing

@testable import TimberlineCLI

/// What stands for `/opt/ml`, filled as SageMaker fills it.
private struct ContainerRoot {
    let scratch: Scratch
    let name: String

    init(_ scratch: Scratch, _ name: String = "ml") throws {
        self.scratch = scratch
        self.name = name
        for directory in ["input/config", "input/data/train/nested", "input/data/test", "model", "output"] {
            try FileManager.default.createDirectory(
                atPath: scratch.path("\(name)/\(directory)"),
                withIntermediateDirectories: true
            )
        }
    }

    var path: String { scratch.path(name) }

    func write(_ file: String, _ text: String) throws { try scratch.write("\(name)/\(file)", text) }
    func read(_ file: String) throws -> String { try scratch.read("\(name)/\(file)") }

    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(file)") }

    var variables: [String: String] { ["TIMBERLINE_CONTAINER_ROOT": path] }
}

private func rows(_ count: Int, seed: UInt64, label: Bool = false) -> String {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { index in
        let isOdd = label && index % 10 == 0
        let time = isOdd ? 9 : Double.random(in: 0.3..<0.6, using: &random)
        return
            "\(label ? (isOdd ? "1," : "0,") : "")\(time),200,\(Int.random(in: 1_000..<1_400, using: &random))\n"
    }.joined()
}

@Suite struct SageMakerContainerTests {
    @Test("a container's life: train, the model through tar, serve, ping, scores, SIGTERM under load")
    func life() throws {
        let scratch = try Scratch()
        let root = try ContainerRoot(scratch)
        try root.write(
            "input/config/hyperparameters.json",
            """
            {"num_trees": "60", "num_samples_per_tree": "128", "feature_dim": "3",
             "eval_metrics": "[\\"accuracy\\", \\"precision_recall_fscore\\"]", "sagemaker_region": "us-east-1"}
            """
        )
        try root.write(
            "input/config/inputdataconfig.json",
            """
            {"train": {"ContentType": "text/csv;label_size=0", "TrainingInputMode": "File",
               "S3DistributionType": "ShardedByS3Key", "RecordWrapperType": "None"},
             "test": {"ContentType": "text/csv;label_size=1", "TrainingInputMode": "File"}}
            """
        )
        try root.write("input/config/resourceconfig.json", #"{"current_host":"algo-1","hosts":["algo-1"]}"#)
        try root.write("input/data/train/part-0.csv", rows(1_500, seed: 1))
        try root.write("input/data/train/nested/part-1.csv", rows(500, seed: 2))
        try root.write("input/data/train/_SUCCESS", "")
        try root.write("input/data/test/test.csv", rows(300, seed: 3, label: true))
        let training = try scratch.start(["train"], environment: root.variables)
        #expect(training.wait() == 0, "\(training.errors)")
        #expect(!root.has("output/failure"))
        #expect(training.errors.contains("event=model_trained"))
        #expect(training.errors.contains("values=3 rows=2000"), "\(training.errors)")
        let metrics = training.errors.matches(of: /metric=(\w+) value=([0-9.]+)/).map {
            (name: String($0.1), value: Double($0.2) ?? 0)
        }
        #expect(metrics.map(\.name) == ["accuracy", "precision", "recall", "f_score"])
        #expect(metrics.allSatisfy { $0.value > 0.8 }, "\(metrics)")

        let serving = try ContainerRoot(scratch, "hosting")
        let tar = try scratch.shell(
            "tar czf model.tar.gz -C ml/model . && tar xzf model.tar.gz -C hosting/model"
        )
        #expect(tar.status == 0, "\(tar.errors)")
        let port = try FreePort.any()
        let endpoint = try EndpointProgram(
            scratch,
            [],
            environment: serving.variables.merging(["SAGEMAKER_BIND_TO_PORT": "\(port)"]) { $1 }
        )
        #expect(endpoint.port == port)
        let ping = try httpGet("/ping", port: port)
        #expect(ping.status == 200 && ping.body.isEmpty)
        let answer = try endpoint.post("0.45,200,1200\n9,200,1200\n", type: "text/csv")
        #expect(answer.status == 200)
        let load = EndpointLoad(port: port, clients: 4)
        try endpoint.program.wait { load.answered > 200 }
        #expect(endpoint.terminate() == 0)
        let result = load.finish()
        #expect(result.lost.isEmpty, "\(result.lost)")
    }

    @Test("rows in RecordIO train the same model as the same rows in CSV")
    func recordIO() throws {
        let scratch = try Scratch()
        var files: [Data] = []
        for (name, contentType) in [
            ("csv", "text/csv;label_size=0"), ("recordio", "application/x-recordio-protobuf"),
        ] {
            let root = try ContainerRoot(scratch, name)
            try root.write(
                "input/config/inputdataconfig.json",
                #"{"train":{"ContentType":"\#(contentType)"}}"#
            )
            let values = (0..<300).map { [Float($0 % 17), Float($0 % 29) / 4] }
            if name == "csv" {
                try root.write("input/data/train/rows", values.map { "\($0[0]),\($0[1])\n" }.joined())
            } else {
                try scratch.write("\(name)/input/data/train/rows", bytes: Self.records(values))
            }
            let result = try scratch.run(["train", "--container-root", root.path])
            #expect(result.code == .success)
            files.append(try Data(contentsOf: URL(fileURLWithPath: root.path + "/model/model.timberline")))
        }
        #expect(files[0] == files[1])
    }

    /// Rows as `aialgs.data.Record`, each in RecordIO's frame.
    private static func records(_ rows: [[Float]]) -> Data {
        func counted(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
            [field << 3 | 2, UInt8(content.count)] + content
        }
        func word(_ number: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        var data = Data()
        for row in rows {
            let tensor = counted(1, row.flatMap { word($0.bitPattern) })
            let record = counted(1, counted(1, Array("values".utf8)) + counted(2, counted(2, tensor)))
            data += word(0xced7_230a) + word(UInt32(record.count)) + record
            data += [UInt8](repeating: 0, count: -record.count & 3)
        }
        return data
    }

    @Test(
        "a failure's reason is in output/failure, and the exit code is 1",
        arguments: [
            (#"{"num_trees":"many"}"#, "{}", "hyperparameter num_trees is 'many', must be a whole number"),
            (#"{"num_tres":"50"}"#, "{}", "hyperparameter num_tres is not known"),
            ("[]", "{}", "hyperparameters.json"),
            (#"{"eval_metrics":"[\"recall\"]"}"#, "{}", "eval_metrics"),
            (#"{"feature_dim":"4"}"#, #"{"train":{}}"#, "has 3 values, feature_dim is 4"),
            ("{}", "{}", "there is no channel train"),
            ("{}", #"{"train":{"ContentType":"image/png"}}"#, "image/png is not read here"),
            ("{}", #"{"train":{"TrainingInputMode":"Pipe"}}"#, "the input mode Pipe"),
            (
                "{}", #"{"train":{"ContentType":"application/x-recordio-protobuf"}}"#,
                "does not begin as RecordIO does"
            ),
            ("{}", #"{"training":{}}"#, "input/data/training: No such file"),
        ]
    )
    func failures(hyperparameters: String, channels: String, words: String) throws {
        let scratch = try Scratch()
        let root = try ContainerRoot(scratch)
        try root.write("input/config/hyperparameters.json", hyperparameters)
        try root.write("input/config/inputdataconfig.json", channels)
        try root.write("input/data/train/rows.csv", rows(100, seed: 1))
        let result = try scratch.run(["train"], environment: root.variables)
        #expect(result.code == .failure)
        let failure = try root.read("output/failure")
        #expect(failure.contains(words) && failure.count <= 1_024, "\(failure)")
        #expect(!root.has("model/model.timberline"))
    }

    @Test("no more than 1,024 characters of a reason are written")
    func longFailure() throws {
        let scratch = try Scratch()
        let root = try ContainerRoot(scratch)
        let name = String(repeating: "x", count: 5_000)
        try root.write("input/config/hyperparameters.json", "{\"\(name)\":\"1\"}")
        #expect(try scratch.run(["train"], environment: root.variables).code == .failure)
        #expect(try root.read("output/failure").count == 1_024)
    }

    @Test("SIGTERM ends the reading, and the model is of the rows so far")
    func stopped() throws {
        let scratch = try Scratch()
        let root = try ContainerRoot(scratch)
        try root.write("input/data/train/rows.csv", rows(60_000, seed: 4))
        var batches = 0
        let result = try scratch.run(["train"], environment: root.variables) {
            batches += 1
            return batches > 3
        }
        #expect(result.code == .success, "\(result)")
        let model = try NamedModel(name: "a", path: root.path + "/model/model.timberline").load(.frozen)
        #expect((1_000..<59_000).contains(model.description.trainedRowCount))
    }
}
