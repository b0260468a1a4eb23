import Foundation
import ModelEndpoint
import RandomCutForest
import SeededNumbers

/// Requests and answers of SageMaker's random cut forest, which lie beside the repository.
enum Fixtures {
    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/data/aws-fixtures")

    static let isPresent = FileManager.default.fileExists(atPath: directory.path)
    static let absence = "../shared/data/aws-fixtures is not there"

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appending(path: name)))
    }
}

/// Rows of a service at rest: a time around 0.45 s, a status around 200, bytes around 1,200.
func serviceRows(_ count: Int, seed: UInt64 = 1) -> [[Double]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
        [
            Double.random(in: 0.35..<0.55, using: &random), Double.random(in: 199..<201, using: &random),
            Double.random(in: 1_100..<1_300, using: &random),
        ]
    }
}

/// A model of those rows, as its file.
func serviceModelFile(
    rows: [[Double]] = serviceRows(1_000),
    _ change: (inout TrainingSettings) -> Void = { _ in }
) throws -> [UInt8] {
    var settings = TrainingSettings()
    settings.treeCount = 20
    settings.sampleSize = 64
    change(&settings)
    let names = rows[0].indices.map { "f\($0)" }
    var trainer = try ModelTrainer(featureNames: names, settings)
    for row in rows { try trainer.learn(row) }
    return try trainer.finish().encoded()
}

func serviceModel(mode: EndpointModel.Mode = .frozen) throws -> EndpointModel {
    try EndpointModel(TrainedModel.decode(serviceModelFile()), mode: mode)
}
