import AnomalyStore
import DetectionPipeline
import Foundation
import Testing

/// The places on this machine, each through the protocol alone.
@Suite struct CheckpointStorageTests {
    private let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private func open(_ kind: String) throws -> any CheckpointStorage {
        kind == "directory"
            ? try DirectoryCheckpointStorage(path: "\(path)/checkpoints")
            : try SQLiteCheckpointStorage(path: "\(path)/store.db")
    }

    @Test(
        "entries come back, are replaced and removed, and outlive the process",
        arguments: ["directory", "sqlite"]
    )
    func entries(_ kind: String) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let long = String(repeating: "long%2F", count: 60)
        let keys = [
            CheckpointKey(stream: "g/o/0", name: "1-1/head"),
            CheckpointKey(stream: "g/o/0", name: "1-1/1.0.0"),
            CheckpointKey(stream: "g/o/1", name: "1-1/head"),
            CheckpointKey(stream: "g/\(long)/1", name: "1-1/head"),
        ]
        do {
            let storage = try open(kind)
            #expect(try storage.entries(of: ["g/o/0"]).isEmpty)
            try storage.write([
                keys[0]: [1, 2, 3], keys[1]: Array(repeating: 7, count: 100_000), keys[2]: [], keys[3]: [9],
            ])
        }
        let storage = try open(kind)
        #expect(Set(try storage.entries(of: ["g/o/0"]).keys) == Set(keys[..<2]))
        #expect(try storage.entries(of: ["g/o/0"])[keys[1]]?.count == 100_000)
        #expect(try storage.entries(of: ["g/o/1", "g/\(long)/1"]) == [keys[2]: [], keys[3]: [9]])
        try storage.write([keys[0]: [4], keys[1]: nil, keys[2]: nil])
        #expect(try storage.entries(of: ["g/o/0", "g/o/1"]) == [keys[0]: [4]])
        try storage.write([keys[1]: nil])
    }

    @Test("a directory serves one process at a time, and says so")
    func lock() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try DirectoryCheckpointStorage(path: path)
        #expect { try DirectoryCheckpointStorage(path: path) } throws: { "\($0)".contains("another process") }
        withExtendedLifetime(first) {}
    }

    @Test("a file that was not put in place is no entry")
    func unfinished() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let key = CheckpointKey(stream: "g/o/0", name: "1-1/head")
        let storage = try DirectoryCheckpointStorage(path: path)
        try storage.write([key: [1]])
        let folder = try #require(
            try FileManager.default.contentsOfDirectory(atPath: path).first { $0 != "LOCK" }
        )
        try Data([1]).write(to: URL(fileURLWithPath: "\(path)/\(folder)/unfinished-1-1~2.0.0"))
        #expect(try storage.entries(of: ["g/o/0"]) == [key: [1]])
    }

    @Test(
        "streams are listed while they have entries, and who only reads disturbs no one",
        arguments: ["directory", "sqlite"]
    )
    func readOnly(_ kind: String) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        func read() throws -> any CheckpointStorage {
            kind == "directory"
                ? try DirectoryCheckpointStorage(path: "\(path)/checkpoints", access: .readOnly)
                : try SQLiteCheckpointStorage(path: "\(path)/store.db", access: .readOnly)
        }
        #expect(throws: (any Error).self) { try read() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
        let writer = try open(kind)
        let long = "g/\(String(repeating: "long%2F", count: 60))/1"
        let keys = [long, "g/o/0"].map { CheckpointKey(stream: $0, name: "1-1/head") }
        try writer.write([keys[0]: [1], keys[1]: [2]])
        let reader = try read()
        #expect(try reader.streams() == [long, "g/o/0"])
        #expect(try reader.entries(of: [long]) == [keys[0]: [1]])
        #expect(throws: (any Error).self) { try reader.write([keys[0]: nil]) }
        try writer.write([keys[0]: nil])
        #expect(try reader.streams() == ["g/o/0"])
    }
}
