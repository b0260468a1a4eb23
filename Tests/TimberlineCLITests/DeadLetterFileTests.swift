import DetectionPipeline
import Foundation
import Testing

@testable import TimberlineCLI

@Suite struct DeadLetterFileTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Some 500 bytes as a line.
    private func letter(_ offset: Int64) -> DeadLetter {
        DeadLetter(
            identity: RecordIdentity(stream: RecordStream(origin: "kafka:c/t", name: "t"), offset: offset),
            key: nil,
            value: Array(repeating: 0x78, count: 400),
            headers: [],
            reason: "reason"
        )
    }

    private func offsets(_ name: String) throws -> [Int] {
        try scratch.read(name).split(separator: "\n").compactMap {
            $0.firstMatch(of: /"offset":(\d+)/).flatMap { Int($0.1) }
        }
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: scratch.directory.path).sorted() }
    }

    /// Makes the file's last change this long ago.
    private func age(_ name: String, seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000 - seconds)],
            ofItemAtPath: scratch.path(name)
        )
    }

    private let now: Int64 = 1_000_000_000

    @Test("a line holds the record whole: key, value, headers, its place and time, and the reason")
    func whole() throws {
        var letter = letter(7)
        letter.identity.timestampMilliseconds = 1_234
        letter.key = Array("k".utf8)
        letter.headers = [.init(name: "trace", value: [0xff]), .init(name: "none", value: nil)]
        #expect(
            DeadLetterJSON.line(letter) == """
                {"reason":"reason","attempt":1,\
                "source":{"name":"t","origin":"kafka:c/t","partition":0,"offset":7,"timestamp":1234},\
                "key":"k","value":"\(String(repeating: "x", count: 400))",\
                "headers":[{"name":"trace","value_base64":"/w=="},{"name":"none","value":null}]}
                """
        )
    }

    @Test("a file at its limit becomes a numbered part, and a new one begins; nothing is lost")
    func parts() throws {
        let file = try DeadLetterFile(path: scratch.path("dead"), partLimit: 1_000)
        for offset in 0..<7 { try file.store([letter(Int64(offset))]) }
        #expect(try names == ["dead", "dead.1", "dead.2", "dead.3"])
        #expect(try ["dead.1", "dead.2", "dead.3", "dead"].map(offsets) == [[0, 1], [2, 3], [4, 5], [6]])
    }

    @Test("a later run goes on with the same file, and the next number")
    func laterRun() throws {
        try scratch.write("dead.9", "old\n")
        try scratch.write("dead.x1", "no part\n")
        try scratch.write("dead.10", "old\n")
        for offset in 0..<3 {
            try DeadLetterFile(path: scratch.path("dead"), partLimit: 1_000).store([letter(Int64(offset))])
        }
        #expect(try names == ["dead", "dead.10", "dead.11", "dead.9", "dead.x1"])
        #expect(try offsets("dead.11") == [0, 1])
    }

    @Test("without a limit it is one file")
    func noLimit() throws {
        let file = try DeadLetterFile(path: scratch.path("dead"))
        for offset in 0..<100 { try file.store([letter(Int64(offset))]) }
        #expect(try names == ["dead"])
        #expect(try offsets("dead") == Array(0..<100))
    }

    @Test("by age: parts without a newer record go; the file itself becomes a part first")
    func age() throws {
        let file = try DeadLetterFile(path: scratch.path("dead"), partLimit: 1_000)
        for offset in 0..<5 { try file.store([letter(Int64(offset))]) }
        try age("dead.1", seconds: 100)
        try age("dead.2", seconds: 50)
        let policy = RetentionPolicy(maximumAge: .seconds(60))
        try age("dead", seconds: 10)
        #expect(try file.prune(policy, at: now) == 1)
        #expect(try names == ["dead", "dead.2"])
        #expect(try file.prune(policy, at: now + 100_000) == 2)
        #expect(try names == ["dead"])
        try file.store([letter(9)])
        #expect(try offsets("dead") == [9])
    }

    @Test("by size: the oldest parts go until all together fit; the file itself stays")
    func size() throws {
        let file = try DeadLetterFile(path: scratch.path("dead"), partLimit: 1_000)
        for offset in 0..<9 { try file.store([letter(Int64(offset))]) }
        let total = try names.reduce(0) {
            try $0 + Data(contentsOf: scratch.directory.appendingPathComponent($1)).count
        }
        #expect(try file.prune(RetentionPolicy(maximumBytes: total), at: now) == 0)
        #expect(try file.prune(RetentionPolicy(maximumBytes: total - 1), at: now) == 1)
        #expect(try names == ["dead", "dead.2", "dead.3", "dead.4"])
        #expect(try file.prune(RetentionPolicy(maximumBytes: 1), at: now) == 3)
        #expect(try offsets("dead") == [8])
    }

    @Test("a file that somebody moved or removed is made anew")
    func moved() throws {
        let file = try DeadLetterFile(path: scratch.path("dead"))
        try file.store([letter(0)])
        try FileManager.default.moveItem(atPath: scratch.path("dead"), toPath: scratch.path("elsewhere"))
        try file.store([letter(1)])
        #expect(try offsets("elsewhere") == [0])
        #expect(try offsets("dead") == [1])
        try FileManager.default.removeItem(atPath: scratch.path("dead"))
        try file.store([letter(2)])
        #expect(try offsets("dead") == [2])
    }

    @Test("a line that a killed writer left unfinished spoils no other")
    func torn() throws {
        try scratch.write("dead", "{\"whole\":1}\n{\"torn\":")
        for offset in 0..<2 { try DeadLetterFile(path: scratch.path("dead")).store([letter(Int64(offset))]) }
        let lines = try scratch.read("dead").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5 && lines[1] == "{\"torn\":" && lines[4].isEmpty)
        #expect(try offsets("dead") == [0, 1])
    }

    @Test("what cannot be written now can be later; the path may lead elsewhere by then")
    func full() throws {
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("dead"),
            withDestinationPath: "/dev/full"
        )
        let file = try DeadLetterFile(path: scratch.path("dead"))
        let error = #expect(throws: DeadLetterFileError.self) { try file.store([letter(0)]) }
        #expect(error?.failureKind == .transient)
        #expect(error?.description == "dead letters \(scratch.path("dead")): No space left on device")
        try FileManager.default.removeItem(atPath: scratch.path("dead"))
        try file.store([letter(0)])
        #expect(try offsets("dead") == [0])
    }

    @Test("of what a full disk did not take whole nothing stays")
    func fullDisk() throws {
        let disk = try SmallDisk(kibibytes: 64)
        let file = try DeadLetterFile(path: disk.path("dead"))
        try file.store([letter(0)])
        let before = try String(contentsOfFile: disk.path("dead"), encoding: .utf8)
        for _ in 0..<2 {
            #expect(throws: DeadLetterFileError.self) { try file.store((1..<400).map(letter)) }
            #expect(try String(contentsOfFile: disk.path("dead"), encoding: .utf8) == before)
        }
        try file.store([letter(1)])
        let lines = try String(contentsOfFile: disk.path("dead"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
    }
}
