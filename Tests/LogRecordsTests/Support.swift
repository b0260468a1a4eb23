import Foundation
import LogRecords

/// A record with the parser that made it, for short tests.
struct Parsed {
    var outcome: ParseOutcome
    var record: ParsedRecord

    init(_ line: String, _ format: String, year: Int = 2024) {
        var parser = LogParser(format: LogFormat(name: format) ?? .text, referenceYear: year)
        self.init(line, &parser)
    }

    init(_ line: String, _ parser: inout LogParser) {
        record = ParsedRecord()
        outcome = parser.parse(Array(line.utf8), into: &record)
    }

    subscript(path: String) -> String? {
        var reference = FieldReference(path)
        return record.string(&reference)
    }

    func number(_ path: String) -> Double? {
        var reference = FieldReference(path)
        return record.number(&reference)
    }

    var message: String? {
        record.message.map { range in record.withText { String(decoding: $0[range], as: UTF8.self) } }
    }

    /// Path and text of all fields that are present.
    var fields: [String: String] {
        var fields: [String: String] = [:]
        for position in 0..<record.fieldCount where record[field: position].kind != .null {
            fields[record.path(at: position)] = record.string(at: position)
        }
        return fields
    }

    var error: LogParseError? {
        if case .failed(let error) = outcome { return error }
        return nil
    }
}

/// Nanoseconds since 1970 by the C library.
func instant(
    _ year: Int,
    _ month: Int,
    _ day: Int,
    _ hour: Int = 0,
    _ minute: Int = 0,
    _ second: Int = 0,
    nanosecond: Int64 = 0,
    offset: Int = 0
) -> Int64 {
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    parts.tm_hour = Int32(hour)
    parts.tm_min = Int32(minute)
    parts.tm_sec = Int32(second)
    return Int64(timegm(&parts) - offset) * 1_000_000_000 + nanosecond
}

/// The folder of real logs beside the repository, where it is.
let sharedLogs: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let path = root.appendingPathComponent("../shared/data/logs").standardized.path
    return FileManager.default.fileExists(atPath: path) ? path : nil
}()

/// The lines of a file of `sharedLogs`, as the splitter cuts them.
func sharedLines(_ name: String) throws -> [[UInt8]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: (sharedLogs ?? "") + "/" + name))
    var splitter = LineSplitter()
    var lines: [[UInt8]] = []
    [UInt8](data).withUnsafeBufferPointer { bytes in
        splitter.feed(bytes) { lines.append(Array($0.bytes)) }
        splitter.finish { lines.append(Array($0.bytes)) }
    }
    return lines
}

let python: String? = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

/// Runs a Python script on bytes.
func runPython(_ script: String, _ input: [UInt8]) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data(input).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python ?? "")
    process.arguments = ["-c", script]
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return [UInt8](data)
}
