import Foundation
import KafkaTestSupport
import ModelEndpoint
import Testing

@testable import TimberlineCLI

@Suite struct TrainTests {
    private func model(_ path: String) throws -> EndpointModel {
        try NamedModel(name: "a", path: path).load(.frozen)
    }

    @Test("rows with names in the first line, without, compressed, or from a pipe give the same model")
    func features() throws {
        let scratch = try Scratch()
        _ = try scratch.writeFeatures("named.csv", header: true)
        _ = try scratch.writeFeatures("plain.csv", header: false)
        let shell = try scratch.shell(
            """
            gzip -k plain.csv
            "$TIMBERLINE" train --input named.csv --output named.model &&
            "$TIMBERLINE" train --input plain.csv --output plain.model &&
            "$TIMBERLINE" train --input plain.csv.gz --output gzip.model &&
            cat plain.csv | "$TIMBERLINE" train --input - --output pipe.model &&
            (echo; head -1001 named.csv) >first.csv && (head -1 named.csv; tail -1000 named.csv) >second.csv &&
            "$TIMBERLINE" train --input first.csv --input second.csv --output parts.model && cmp parts.model named.model
            """
        )
        #expect(shell.status == 0, "\(shell.errors)")
        #expect(shell.errors.contains("2000 rows of 3: response_time, status, bytes"))
        let plain = try Data(contentsOf: URL(fileURLWithPath: scratch.path("plain.model")))
        for name in ["gzip", "pipe"] {
            #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path("\(name).model"))) == plain)
        }
        let (named, unnamed) = (
            try model(scratch.path("named.model")), try model(scratch.path("plain.model"))
        )
        #expect(named.description.featureNames == ["response_time", "status", "bytes"])
        #expect(named.description.trainingScores == unnamed.description.trainingScores)
        #expect(unnamed.description.featureNames == ["value_0", "value_1", "value_2"])
    }

    @Test("a log gives a row for each line: the features of the configuration, or those of its format")
    func log() throws {
        let scratch = try Scratch()
        let log = SampleLog(count: 400)
        try scratch.write("app.log", log.text + "no JSON\n")
        let standard = try scratch.run(
            ["train", "--input", scratch.path("app.log"), "--output", scratch.path("standard")]
        )
        #expect(standard.code == .success, "\(standard)")
        #expect(standard.errors.contains("1 lines gave no row"))
        let names = try model(scratch.path("standard")).description.featureNames
        #expect(
            Set(names).isSuperset(of: ["duration_ms", "bytes"]) && Set(names).count == names.count,
            "\(names)"
        )
        try scratch.write(
            "features.yaml",
            """
            detection:
              features:
                - {field: duration_ms, transform: none}
                - {field: bytes, transform: none}
            """
        )
        let chosen = try scratch.run(
            [
                "train", "--input", scratch.path("app.log"), "--output", scratch.path("chosen"), "--config",
                scratch.path("features.yaml"), "--trees", "30",
            ]
        )
        #expect(chosen.code == .success, "\(chosen)")
        let model = try model(scratch.path("chosen"))
        #expect(model.description.featureNames == ["duration_ms", "bytes"])
        #expect(model.description.trainedRowCount == 400)
        var rows = FeatureRows(dimensions: 2)
        for value in [40.0, 1_000, 45_000, 1_000] {
            try rows.append(value)
            if rows.values.count % 2 == 0 { try rows.finishRow() }
        }
        let scores = model.scores(rows)
        #expect(scores[0] < 1.3 && scores[1] > 2, "\(scores)")
    }

    @Test("an archive for SageMaker is unpacked by tar to the same file")
    func archive() throws {
        let scratch = try Scratch()
        _ = try scratch.writeFeatures()
        let shell = try scratch.shell(
            """
            "$TIMBERLINE" train --input features.csv --output plain.model --shingle 2 &&
            "$TIMBERLINE" train --input features.csv --output model.tar.gz --shingle 2 &&
            tar xzf model.tar.gz && cmp plain.model model.timberline && ls
            """
        )
        #expect(shell.status == 0, "\(shell.errors)")
        #expect(shell.output.split(separator: "\n").count == 4, "\(shell.output)")
        #expect(try model(scratch.path("model.timberline")).dimensions == 6)
    }

    @Test("what cannot be trained on is told with the place, and no file is left")
    func refused() throws {
        let scratch = try Scratch()
        try scratch.write("few.csv", "1,2\n3,4\n")
        try scratch.write("uneven.csv", (0..<200).map { $0 == 150 ? "1\n" : "1,\($0)\n" }.joined())
        try scratch.write("nan.csv", (0..<200).map { $0 == 150 ? "1,nan\n" : "1,\($0)\n" }.joined())
        try scratch.write("text.log", (0..<200).map { "line \($0)\n" }.joined())
        for (arguments, code, words) in [
            (["few.csv"], .unreadableInput, "2 rows to learn, at least 16 are needed"),
            (["uneven.csv"], .unreadableInput, "line 151"), (["nan.csv"], .unreadableInput, "line 151"),
            (["text.log", "--input-kind", "features"], .unreadableInput, "no rows of numbers"),
            (["absent.csv"], .unreadableInput, "No such file"),
            (["few.csv", "--samples", "65000"], .invalidConfiguration, "sampleSize"),
        ] as [([String], ExitCode, String)] {
            let result = try scratch.run(
                ["train", "--input", scratch.path(arguments[0]), "--output", scratch.path("model")]
                    + arguments.dropFirst()
            )
            #expect(result.code == code && result.errors.contains(words), "\(arguments) \(result)")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("model")))
        #expect(try scratch.run(["train", "--input", "x"]).code == .usage)
        #expect(try scratch.run(["train", "--output", "x"]).code == .usage)
        let unwritable = try scratch.run(
            ["train", "--input", scratch.writeFeatures(), "--output", scratch.path("no/such/model")]
        )
        #expect(
            unwritable.code == .cannotWrite && unwritable.errors.contains("no/such/model"),
            "\(unwritable)"
        )
    }
}
