import Foundation
import LogRecords
import SeededNumbers
import Testing

@Suite("JSON beside Python's", .timeLimit(.minutes(1)))
struct PythonPeerTests {
    /// Prints each line's leaves as `path<TAB>kind<TAB>value`, `!` where it is not one JSON object, then `.`.
    private static let script = #"""
        import json, struct, sys
        def walk(path, value):
            if isinstance(value, bool): print(f"{path}\tbool\t{int(value)}")
            elif value is None: print(f"{path}\tnull\t")
            elif isinstance(value, (int, float)):
                try: bits = struct.pack(">d", float(value)).hex()
                except OverflowError: bits = "7ff0000000000000" if value > 0 else "fff0000000000000"
                print(f"{path}\tnumber\t{bits}")
            elif isinstance(value, str): print(f"{path}\tstring\t{value.encode('utf-8', 'replace').hex()}")
            elif isinstance(value, dict):
                for key, item in value.items(): walk(f"{path}.{key}" if path else key, item)
            else:
                for index, item in enumerate(value): walk(f"{path}.{index}" if path else str(index), item)
        for line in sys.stdin.buffer.read().split(b"\n"):
            try:
                value = json.loads(line.decode("utf-8", "replace"), strict=False)
                if not isinstance(value, dict): raise ValueError
                walk("", value)
            except (ValueError, RecursionError): print("!")
            print(".")
        """#

    private func leaves(_ line: [UInt8], _ parser: inout LogParser, _ record: inout ParsedRecord) -> String {
        guard case .record = parser.parse(line, into: &record) else { return "!\n" }
        var text = ""
        for position in 0..<record.fieldCount {
            let field = record[field: position]
            let path = record.path(at: position)
            switch field.kind {
            case .bool: text += "\(path)\tbool\t\(Int(field.number))\n"
            case .null: text += "\(path)\tnull\t\n"
            case .number:
                text += "\(path)\tnumber\t" + hex(field.number.bitPattern.bigEndianBytes) + "\n"
            case .string: text += "\(path)\tstring\t" + hex(Array(record.string(at: position).utf8)) + "\n"
            case .object, .array: break
            }
        }
        return text
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }

    private func compare(_ lines: [[UInt8]]) throws {
        let output = try runPython(Self.script, Array(lines.joined(separator: [0x0a])))
        let expected = String(decoding: output, as: UTF8.self).components(separatedBy: ".\n").dropLast()
        #expect(expected.count == lines.count)
        var parser = LogParser(format: .json)
        var record = ParsedRecord(maximumFields: 4096)
        for (line, expected) in zip(lines, expected) {
            let found = leaves(line, &parser, &record)
            #expect(found == expected, "\(String(decoding: line, as: UTF8.self).prefix(300))")
        }
    }

    @Test(
        "reads the same values from real files",
        .enabled(if: python != nil, "python3 is not installed"),
        .enabled(if: sharedLogs != nil, "../shared/data/logs is absent"),
        arguments: [
            "elastic/nginxplus_json_logs.json", "lnav_formats/bunyan.0", "lnav_formats/ecs_log.json",
            "lnav_formats/journald.json", "lnav_formats/pino.0",
        ]
    )
    func files(name: String) throws {
        try compare(sharedLines(name))
    }

    @Test("reads and refuses the same made-up lines", .enabled(if: python != nil, "python3 is not installed"))
    func generated() throws {
        var generator = SeededGenerator(seed: 31)
        var lines: [[UInt8]] = []
        for _ in 0..<4000 {
            var line = Array("{\"root\":\(value(3, &generator)),\"b\":\(value(2, &generator))}".utf8)
            if Bool.random(using: &generator) {
                let index = Int.random(in: 0..<line.count, using: &generator)
                if Bool.random(using: &generator) {
                    line.remove(at: index)
                } else {
                    line[index] = Array("\"{}[]:,0-1e.t \\".utf8).randomElement(using: &generator) ?? 0
                }
            }
            lines.append(line)
        }
        // Python resolves equal keys otherwise and refuses bad escapes, which loggers do write.
        try compare(lines.filter { !hasUnlikeRules($0) })
    }

    private func hasUnlikeRules(_ line: [UInt8]) -> Bool {
        if line.contains(UInt8(ascii: "\\")) { return true }
        var parser = LogParser(format: .json)
        var record = ParsedRecord()
        guard case .record = parser.parse(line, into: &record) else { return false }
        let paths = (0..<record.fieldCount).map { record.path(at: $0) }
        return Set(paths).count != paths.count
    }

    private func value(_ depth: Int, _ generator: inout SeededGenerator) -> String {
        switch Int.random(in: depth > 0 ? 0...7 : 2...7, using: &generator) {
        case 0:
            let count = Int.random(in: 0...3, using: &generator)
            return "{"
                + (0..<count).map { "\"k\($0)\": \(value(depth - 1, &generator))" }.joined(separator: " , ")
                + "}"
        case 1:
            let count = Int.random(in: 0...3, using: &generator)
            return "[" + (0..<count).map { _ in value(depth - 1, &generator) }.joined(separator: ",") + "]"
        case 2: return "\(Int64.random(in: .min ... .max, using: &generator))"
        case 3: return "\(Double.random(in: -1e6...1e6, using: &generator))"
        case 4:
            return
                "\(Double.random(in: 1...10, using: &generator))E\(Int.random(in: -330...330, using: &generator))"
        case 5:
            return ["true", "false", "null", "NaN", "-Infinity", "0", "-0.0", "\"\""].randomElement(
                using: &generator
            ) ?? ""
        default: return "\"text é \(Int.random(in: 0...99, using: &generator)) 😀\""
        }
    }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64(56 - $0 * 8)) } }
}
