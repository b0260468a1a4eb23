public import Foundation
public import Testing

/// The parity vectors beside the repository, made by running AWS's Java implementation.
public enum SharedVectors {
    public static let folder: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.deletingLastPathComponent().appendingPathComponent("shared/data/rcf-vectors")
    }()

    public static let arePresent = FileManager.default.fileExists(
        atPath: folder.appendingPathComponent("README.md").path
    )
    public static let absence: Comment = "../shared/data/rcf-vectors is absent"

    /// The rows of a CSV file without its header.
    public static func rows(_ name: String) throws -> [[Double]] {
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
            line.split(separator: ",").map { Double($0) ?? .nan }
        }
    }

    /// The points of an input: without row number and label.
    public static func points(_ name: String) throws -> [[Float]] {
        try rows(name).map { row in row[1..<row.count - 1].map { Float($0) } }
    }

    public static func json<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
    }
}
