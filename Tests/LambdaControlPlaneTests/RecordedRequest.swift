import Foundation
import HTTPServer

/// A request as a tool once sent it.
struct RecordedRequest {
    let method: String
    let target: String
    private let headers: HTTPHeaders
    private let body: String

    /// The UUID that recorded requests have for a mapping.
    private static let recordedID = "14e0db71-1111-4a2b-9d4c-000000000001"

    /// Reads the requests of a file, separated by lines of three hyphens.
    static func read(_ path: String) throws -> [RecordedRequest] {
        try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n---")
            .compactMap { try RecordedRequest($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private init?(_ text: String) throws {
        let parts = text.replacingOccurrences(of: "\r", with: "").components(separatedBy: "\n\n")
        let lines = parts[0].components(separatedBy: "\n")
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

    /// - Parameter mapping: the UUID that takes the place of the recorded one.
    func request(mapping: String) throws -> HTTPRequest {
        try HTTPRequest(
            method: method,
            target: target.replacingOccurrences(of: Self.recordedID, with: mapping),
            headers: headers,
            body: Array(body.utf8)
        )
    }
}
