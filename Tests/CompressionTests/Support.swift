import Compression
import Foundation
import SeededNumbers

/// Text that compresses, of at least `count` bytes.
func sampleText(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    var bytes: [UInt8] = []
    while bytes.count < count {
        bytes.append(
            contentsOf: "line \(generator.next() % 1000) status=200 time=0.\(generator.next() % 97)\n".utf8
        )
    }
    return bytes
}

func compress(_ bytes: [UInt8], _ format: CompressionFormat, level: Int? = nil, chunk: Int = 1000) throws
    -> [UInt8]
{
    let compressor = try Compressor(format: format, level: level)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: chunk) {
        try bytes[start..<min(start + chunk, bytes.count)].withUnsafeBufferPointer {
            try compressor.feed($0) { result.append(contentsOf: $0) }
        }
    }
    try compressor.finish { result.append(contentsOf: $0) }
    return result
}

func decompress(_ bytes: [UInt8], _ format: CompressionFormat? = nil, chunk: Int = 1000) throws -> [UInt8] {
    var result: [UInt8] = []
    try decompress(bytes, format, chunk: chunk) { result.append(contentsOf: $0) }
    return result
}

func decompress(
    _ bytes: [UInt8],
    _ format: CompressionFormat?,
    chunk: Int,
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
) throws {
    let decompressor = try Decompressor(format: format)
    for start in stride(from: 0, to: bytes.count, by: chunk) {
        try bytes[start..<min(start + chunk, bytes.count)].withUnsafeBufferPointer {
            try decompressor.feed($0, body)
        }
    }
    try decompressor.finish(body)
}

/// Runs a tool of the system on bytes.
func run(_ tool: String, _ arguments: [String], _ input: [UInt8]) throws -> [UInt8] {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent("input")
    try Data(input).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
    return [UInt8](data)
}

func tool(_ name: String) -> String? {
    ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + name }.first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
}
