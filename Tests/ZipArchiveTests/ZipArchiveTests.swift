import Foundation
import Testing

@testable import ZipArchive

@Suite("Zips")
final class ZipArchiveTests {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "timberline-zip-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func unpack(_ entries: ZipMaker.Entry...) throws {
        try ZipArchive(ZipMaker(entries: entries).bytes()).unpack(into: directory)
    }

    private func refusal(_ entries: ZipMaker.Entry..., limits: ZipLimits = ZipLimits()) -> ZipError? {
        #expect(throws: ZipError.self) {
            try ZipArchive(ZipMaker(entries: entries).bytes(), limits: limits).unpack(into: directory)
        }
    }

    private func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")[.posixPermissions] as? Int
    }

    /// "hello", by Python's zlib.crc32.
    private let hello: UInt32 = 0x3610_a686

    @Test("give back files, directories, links and their modes")
    func unpacks() throws {
        try unpack(
            .init("bin/", unixMode: 0o040750),
            .init("bin/run", "hello", checksum: hello, unixMode: 0o104755),
            .init("./deep//er/note", "hello", checksum: hello, unixMode: 0o100400),
            // "../bin/run", by Python's zlib.crc32.
            .init("deep/link", "../bin/run", checksum: 0x9acd_7a16, unixMode: 0o120777)
        )
        #expect(try permissions("bin") == 0o750)
        #expect(try permissions("bin/run") == 0o755, "without the set-user bit")
        #expect(try permissions("deep/er/note") == 0o400)
        #expect(try String(contentsOfFile: "\(directory)/deep/link", encoding: .utf8) == "hello")
    }

    @Test(
        "that Python made come out as they went in",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"),
            "python3 is not installed"
        )
    )
    func python() throws {
        let program = """
            import sys, zipfile
            z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
            z.writestr('big.txt', 'timberline ' * 100000)
            z.writestr('empty', '')
            with z.open('sub/streamed', 'w', force_zip64=True) as f: f.write(bytes(range(256)) * 300)
            z.comment = b'PK' * 50
            z.close()
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", program, "\(directory)/a.zip"]
        try process.run()
        process.waitUntilExit()
        let zip = try Array(Data(contentsOf: URL(fileURLWithPath: "\(directory)/a.zip")))
        try FileManager.default.removeItem(atPath: "\(directory)/a.zip")
        try ZipArchive(zip).unpack(into: directory)
        let big = try String(contentsOfFile: "\(directory)/big.txt", encoding: .utf8)
        #expect(big == String(repeating: "timberline ", count: 100_000))
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/empty")).isEmpty)
        let streamed = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/sub/streamed"))
        #expect(streamed == Data((0..<300).flatMap { _ in UInt8.min ... .max }))
    }

    @Test(
        "with paths that lead out are refused",
        arguments: ["../a", "a/../../b", "/etc/x", "a/..", "", "./"]
    )
    func paths(name: String) {
        #expect(refusal(.init(name, "hello", checksum: hello))?.code == .unsafePath)
    }

    @Test(
        "with links that lead out are refused",
        arguments: [("l", "/etc"), ("l", ".."), ("a/l", "../.."), ("l", "a/../.."), ("l", "a/.."), ("l", "")]
    )
    func links(name: String, target: String) {
        #expect(!EntryPath.staysWithin(link: name, target: target))
    }

    @Test("write nothing through a link")
    func throughLink() throws {
        let error = refusal(
            // ".", by Python's zlib.crc32.
            .init("a", ".", checksum: 0x0ed4_e242, unixMode: 0o120777),
            .init("a/b", "hello", checksum: hello)
        )
        #expect(error?.code == .unsafePath)
    }

    @Test("with two entries of one name are refused")
    func twice() {
        let entry = ZipMaker.Entry("a", "hello", checksum: hello)
        var other = entry
        other.name = "./a"
        #expect(refusal(entry, other)?.code == .unsafePath)
    }

    @Test("with a wrong checksum are refused, by the entry's name")
    func checksum() throws {
        let error = try #require(
            refusal(.init("good", "hello", checksum: hello), .init("bad", "hello", checksum: 1))
        )
        #expect(error.code == .wrongChecksum)
        #expect(error.message.contains("bad"))
    }

    @Test("that state more or less than they hold are refused", arguments: [4, 6])
    func statedSize(count: UInt32) {
        var entry = ZipMaker.Entry("a", "hello", checksum: hello)
        entry.byteCount = count
        #expect(refusal(entry)?.code == .damaged)
    }

    @Test("end at their limits: bytes, entries, names")
    func limits() throws {
        let entries = [ZipMaker.Entry("a", "hello", checksum: hello), .init("bb", "hello", checksum: hello)]
        var limits = ZipLimits()
        limits.unpackedBytes = 10
        limits.entries = 2
        limits.nameBytes = 2
        _ = try ZipArchive(ZipMaker(entries: entries).bytes(), limits: limits)
        for path in [\ZipLimits.unpackedBytes, \.entries, \.nameBytes] {
            var less = limits
            less[keyPath: path] -= 1
            #expect(refusal(entries[0], entries[1], limits: less)?.code == .tooLarge)
        }
    }

    @Test("that are encrypted, packed otherwise, or hold devices are refused")
    func unsupported() {
        var encrypted = ZipMaker.Entry("a", "hello", checksum: hello)
        encrypted.flags = 1
        #expect(refusal(encrypted)?.code == .unsupported)
        var packed = ZipMaker.Entry("a", "hello", checksum: hello)
        packed.method = 12
        #expect(refusal(packed)?.code == .unsupported)
        #expect(refusal(.init("a", "", unixMode: 0o020644))?.code == .unsupported)
    }

    @Test("cut at any place are refused or whole, and never read beyond their end")
    func cuts() throws {
        let zip = ZipMaker(entries: [.init("a", "hello", checksum: hello)]).bytes()
        for count in 0..<zip.count {
            #expect(throws: ZipError.self) { try ZipArchive(Array(zip[..<count])) }
        }
    }

    @Test("with any one byte changed are refused, or are as harmless as before")
    func mutations() throws {
        let entries = [
            ZipMaker.Entry("dir/a", "hello", checksum: hello), .init("b", "hello", checksum: hello),
        ]
        let zip = ZipMaker(entries: entries).bytes()
        for index in zip.indices {
            for change: UInt8 in [0x01, 0x10, 0x80, 0xff] {
                var changed = zip
                changed[index] ^= change
                guard let archive = try? ZipArchive(changed) else { continue }
                for entry in archive.entries {
                    try? archive.read(entry) { #expect($0.count <= entry.byteCount) }
                }
            }
        }
    }
}
