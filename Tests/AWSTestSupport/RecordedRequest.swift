import Foundation
public import HTTPServer

/// A request as a tool once sent it: those of `../shared/data/aws-fixtures/wire`.
public struct RecordedRequest: Sendable {
    public let method: String
    public let target: String
    private let lines: [String]
    private let headers: HTTPHeaders
    private let body: String

    /// The UUID that recorded requests have for a mapping.
    private static let recordedID = "14e0db71-1111-4a2b-9d4c-000000000001"

    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data/aws-fixtures/wire").standardized.path

    public static let areThere = FileManager.default.fileExists(atPath: directory)
    public static let absence = "../shared/data/aws-fixtures/wire is not there"

    /// The names of all files of requests.
    public static func names() throws -> Set<String> {
        let files = try FileManager.default.contentsOfDirectory(atPath: directory)
        return Set(files.filter { $0.hasSuffix(".http") }.map { String($0.dropLast(".http".count)) })
    }

    /// Reads the requests of a file, separated by lines of three hyphens.
    public static func read(_ name: String) throws -> [RecordedRequest] {
        try String(contentsOfFile: "\(directory)/\(name).http", encoding: .utf8).components(
            separatedBy: "\n---"
        )
        .compactMap { try RecordedRequest($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private init?(_ text: String) throws {
        let parts = text.replacingOccurrences(of: "\r", with: "").components(separatedBy: "\n\n")
        lines = parts[0].components(separatedBy: "\n")
        let first = lines[0].components(separatedBy: " ")
        guard first.count == 3 else { return nil }
        method = first[0]
        target = first[1]
        var headers = HTTPHeaders()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers.add(
                String(line[..<colon]),
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            )
        }
        self.headers = headers
        body = parts.dropFirst().joined(separator: "\n\n")
    }

    /// What was sent, byte for byte.
    public var text: String { lines.joined(separator: "\r\n") + "\r\n\r\n" + body }

    /// - Parameter mapping: the UUID that takes the place of the recorded one.
    public func request(mapping: String) throws -> HTTPRequest {
        try HTTPRequest(
            method: method,
            target: target.replacingOccurrences(of: Self.recordedID, with: mapping),
            headers: headers,
            body: Array(body.utf8)
        )
    }
}
