import Foundation
import Testing

@Suite struct LogTableTests {
    /// The log calls in `Sources`: event, level, keys.
    private func calls() throws -> Set<String> {
        let sources = Repository.file("Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var found: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift", file.lastPathComponent != "Logger.swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            // One event comes with whatever level librdkafka gives it.
            for call in text.matches(of: /[lL]ogger\.log\([^"]*"(\w+)",/) {
                let keys = arguments(text[call.range.upperBound...]).matches(of: /"(\w+)":/).map {
                    String($0.1)
                }
                found.insert("\(call.1) any \(keys.joined(separator: ","))")
            }
            // What a stream needs to begin is tried again by one function.
            for call in text.matches(of: /withRetries\("(\w+)"\)/) { found.insert("\(call.1) warning ") }
            for call in text.matches(of: /[lL]ogger\.(debug|info|warning|error)\(\s*"(\w+)",/) {
                let given = arguments(text[call.range.upperBound...])
                    .replacing(/(stream\.logFields|\sfields)\s*$/, with: "[\"topic\":, \"partition\":]")
                let keys = given.matches(of: /"(\w+)":/).map {
                    String($0.1)
                }
                found.insert("\(call.2) \(call.1) \(keys.joined(separator: ","))")
            }
        }
        return found
    }

    /// Up to the parenthesis that closes the call.
    private func arguments(_ text: Substring) -> Substring {
        var depth = 1
        let end = text.firstIndex { character in
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            return depth == 0
        }
        return text[..<(end ?? text.endIndex)]
    }

    @Test("the documentation's table has the log lines that there are: event, level, keys")
    func table() throws {
        let code = try calls()
        let page = try String(contentsOf: Repository.file("docs/OPERATIONS.md"), encoding: .utf8)
        let rows = page.matches(of: /\n\| `(\w+)` \| (debug|info|warning|error|any) \|([^|]*)\|/)
        let documented = rows.map { row in
            let keys = row.3.matches(of: /`(\w+)`/).map { String($0.1) }
            return "\(row.1) \(row.2) \(keys.joined(separator: ","))"
        }
        #expect(code.count >= 10)
        #expect(Set(documented) == code)
        #expect(documented.count == code.count)
    }
}
