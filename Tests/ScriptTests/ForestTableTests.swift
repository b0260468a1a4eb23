import Foundation
import Testing

@Suite("The script that puts the forest's figures into its README")
struct ForestTableTests {
    static let page = "# Page\n<!-- figures begin: made -->\nold\n<!-- figures end -->\nafter\n"

    func update(_ input: String, page: String = page) throws -> (status: Int32, output: String, page: String)
    {
        var result: (Int32, String, String) = (0, "", "")
        try Script.withDirectory { directory in
            let (file, lines) = (directory.appending(path: "page.md"), directory.appending(path: "lines.txt"))
            try Script.write(page, to: file)
            try Script.write(input, to: lines)
            let command = "scripts/update-forest-table --machine 'a machine' '\(file.path)' <'\(lines.path)'"
            let (status, output) = try Script.run("-c", [command])
            result = (status, output, try String(contentsOf: file, encoding: .utf8))
        }
        return result
    }

    @Test("takes the lines of the benchmark, and leaves the rest of the page alone")
    func figures() throws {
        let (status, output, page) = try update(
            """
            other words
            forest c1 ours=316000 krcf=28800 java=absent ratio=10.97 ratio_java=absent
            forest frozen ours=999 krcf=1000 java=1234567 ratio=1.00 ratio_java=0.10
            forest-memory c1 ours=727000 stated=749000
            forest-memory small ours=246000 models=10000
            forest-state c1 bytes=123456 save_ms=1.5

            """
        )
        #expect(status == 0, "\(output)")
        #expect(page.hasPrefix("# Page\n<!-- figures begin: made -->\n"))
        #expect(page.hasSuffix("\n<!-- figures end -->\nafter\n"))
        #expect(!page.contains("old") && page.contains("on a machine."))
        for row in [
            "| c1: 3x1, 50 | 316,000 | 28,800 | absent | 10.97 | absent |",
            "| c1, frozen, score only | 999 | 1,000 | 1,234,567 | 1.00 | 0.10 |",
            "| | ours | stated | models |", "| c1: 3x1, 50 | 727,000 | 749,000 | |",
            "| | bytes | save ms |", "| c1: 3x1, 50 | 123,456 | 1.5 |",
        ] {
            #expect(page.contains(row + "\n"), "\(row) in \(page)")
        }
        let (_, _, again) = try update("forest c1 ours=1 krcf=1 java=1 ratio=1 ratio_java=1\n", page: page)
        #expect(again.contains("| c1: 3x1, 50 | 1 | 1 | 1 | 1 | 1 |") && !again.contains("316,000"))
    }

    @Test("refuses input without figures, and a page without a place for them")
    func refused() throws {
        let empty = try update("nothing\n")
        #expect(empty.status == 65 && empty.page == Self.page)
        let line = "forest c1 ours=1 krcf=1 java=1 ratio=1 ratio_java=1\n"
        let plain = try update(line, page: "# Page\n")
        #expect(plain.status == 65 && plain.page == "# Page\n" && plain.output.contains("figures begin"))
    }
}
