import Configuration
import Foundation
import Testing

/// PyYAML's pure Python reader, which shares no code with libyaml, reads the same trees from the same bytes.
@Suite(.enabled(if: PyYAML.isPresent, "python3 has no PyYAML (Debian: python3-yaml)"))
struct PyYAMLTests {
    static let documents = [
        "a: 1\nb: [x, 'y', \"z\\n\\u00e9\"]\nc: {d: ~, e: null}\n",
        "kafka:\n  properties:\n    sasl.password: it's\n    a: >-\n      folded\n      text\n\n      more\n    b: |\n      kept\n        as is\n",
        "- 1\n- - 2\n  - 3\n-\n  a: b\n  c: d\n",
        "base: &x {a: 1}\ncopies: [*x, *x]\n",
        "# comment\nkey:    value   # behind\n\"quoted: key\": -not a list\n",
        "plain: multi\n  line text\nurl: http://h:1/p?q=a#b\ntime: 12:30:00\nno: yes\n",
        "ключ: значение\nemoji: 🙂x\nlist: [ü, 'ß']\n",
        "'single ''quote''': \"tab\\tslash\\\\\"\n",
        "empty: []\nmap: {}\ntext: ''\n",
    ]

    @Test("agrees on shape, texts, quoting, lines and columns", arguments: documents)
    func fixed(text: String) throws {
        try compare([text])
    }

    @Test("agrees on generated documents")
    func generated() throws {
        var state: UInt64 = 42
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let scalars = ["1", "true", "'q: x'", "\"d\\n\"", "a b", "x:y", "-1", "~", "30s", "é", "a#b", "\"\""]
        func flow(_ depth: Int) -> String {
            switch below(depth > 2 ? 1 : 3) {
            case 1: "[" + (0..<below(4)).map { _ in flow(depth + 1) }.joined(separator: ", ") + "]"
            case 2: "{" + (0..<below(4)).map { "k\($0): " + flow(depth + 1) }.joined(separator: ", ") + "}"
            default: scalars[below(scalars.count)]
            }
        }
        func block(_ depth: Int) -> String {
            let indent = String(repeating: "  ", count: depth)
            return (0...below(4)).map { index in
                let isNested = depth < 4 && below(3) == 0
                return "\(indent)key\(index): " + (isNested ? "\n" + block(depth + 1) : flow(depth) + "\n")
            }.joined()
        }
        try compare((0..<200).map { _ in block(0) })
    }

    /// One run of Python for all documents.
    private func compare(_ documents: [String]) throws {
        let theirs = try PyYAML.trees(documents)
        try #require(theirs.count == documents.count)
        for (text, theirTree) in zip(documents, theirs) {
            let document = try YAMLDocument(Array(text.utf8), name: "t")
            #expect(document.errors == [])
            #expect(document.root.map(PyYAML.canonical) == theirTree, "\(text)")
        }
    }
}

enum PyYAML {
    static let isPresent = (try? run("import yaml; print('yes')", input: Data())) == "yes\n"

    private static let program = """
        import json, sys, yaml
        def tree(node):
            mark = f"@{node.start_mark.line + 1}:{node.start_mark.column + 1}"
            if isinstance(node, yaml.ScalarNode):
                return ("p" if node.style is None else "q") + json.dumps(node.value) + mark
            if isinstance(node, yaml.SequenceNode):
                return "[" + ",".join(tree(each) for each in node.value) + "]" + mark
            return "{" + ",".join(tree(key)[1:] + "=" + tree(value) for key, value in node.value) + "}" + mark
        documents = json.load(sys.stdin)
        print(json.dumps([tree(yaml.compose(text, Loader=yaml.SafeLoader)) for text in documents]))
        """

    static func trees(_ documents: [String]) throws -> [String] {
        let output = try run(program, input: try JSONEncoder().encode(documents))
        return try JSONDecoder().decode([String].self, from: Data(output.utf8))
    }

    /// The same notation for our tree. Keys have no style of their own there, so both sides drop it.
    static func canonical(_ node: YAMLNode) -> String {
        let mark = "@\(node.mark.line):\(node.mark.column)"
        switch node.content {
        case .scalar(let scalar): return (scalar.isPlain ? "p" : "q") + json(scalar.text) + mark
        case .sequence(let nodes): return "[" + nodes.map(canonical).joined(separator: ",") + "]" + mark
        case .mapping(let entries):
            let pairs = entries.map { entry in
                "\(json(entry.key))@\(entry.keyMark.line):\(entry.keyMark.column)=\(canonical(entry.value))"
            }
            return "{" + pairs.joined(separator: ",") + "}" + mark
        }
    }

    /// As Python's json.dumps writes it: everything but ASCII as \\u.
    private static func json(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x09: result += "\\t"
            case 0x20...0x7E: result += String(UnicodeScalar(UInt8(unit)))
            default:
                result +=
                    "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count)
                    + String(unit, radix: 16)
            }
        }
        return result + "\""
    }

    private static func run(_ program: String, input: Data) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        let (inPipe, outPipe) = (Pipe(), Pipe())
        process.standardInput = inPipe
        process.standardOutput = outPipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        DispatchQueue.global().async {
            try? inPipe.fileHandleForWriting.write(contentsOf: input)
            try? inPipe.fileHandleForWriting.close()
        }
        let output = outPipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
