import Foundation

/// Events beside the repository, written from AWS's documentation.
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
