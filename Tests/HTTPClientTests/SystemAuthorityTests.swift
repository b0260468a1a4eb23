import Foundation
import Testing

@testable import HTTPClient

@Suite("The system's authorities")
struct SystemAuthorityTests {
    @Test("are in the first file that is there and can be read")
    func first() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "authorities-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data().write(to: URL(filePath: path))
        #expect(SystemAuthorities.first(of: ["/nowhere/a.pem", path, "/dev/null"]) == path)
        #expect(SystemAuthorities.first(of: ["/nowhere/a.pem"]) == nil)
    }
}
