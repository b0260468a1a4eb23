import CommandLineArguments
import Foundation
import Testing
import TypedValues

/// Each completion script in its shell: what is offered for a line that ends at the cursor. One after the other,
/// because waiting for a shell holds one of the few threads that tests run on.
@Suite(.serialized) struct ShellCompletionTests {
    /// A line, what must be offered, and what must not.
    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        let offered: [String]
        var absent: [String] = []

        var testDescription: String { line }
    }

    static let cases = [
        Case(
            line: "timberline ",
            offered: ["score", "run", "local", "help", "completion"],
            absent: ["hidden-command", "invoke"]
        ),
        Case(line: "timberline sc", offered: ["score"], absent: ["run"]),
        Case(
            line: "timberline score --t",
            offered: ["--top", "--threshold"],
            absent: ["--topic", "--window"]
        ),
        Case(line: "timberline run --t", offered: ["--topic"], absent: ["--top ", "--threshold"]),
        Case(line: "timberline score --no-", offered: ["--no-line"], absent: ["--no-verbose"]),
        Case(line: "timberline score --output ", offered: ["text", "json"], absent: ["score"]),
        Case(line: "timberline score -o ", offered: ["text", "json"], absent: ["score"]),
        Case(line: "timberline --output json sc", offered: ["score"], absent: ["run"]),
        Case(line: "timberline --output score ", offered: ["run", "local"]),
        Case(line: "timberline local ", offered: ["invoke"], absent: ["run"]),
        Case(line: "timberline completion ", offered: ["bash", "zsh", "fish"]),
        Case(line: "timberline score acc", offered: ["access.log"]),
        Case(line: "timberline score --warm-up acc", offered: ["access.log"]),
    ]

    @Test(
        "bash offers what can follow",
        .enabled(if: Shell.bash != nil, "bash is not installed"),
        arguments: cases
    )
    func bash(test: Case) throws {
        try check(
            test,
            in: try bashOffers(
                test.line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            )
        )
    }

    @Test(
        "bash offers values behind the equals sign, where it cuts words",
        .enabled(if: Shell.bash != nil, "bash is not installed")
    )
    func bashEquals() throws {
        #expect(try bashOffers(["timberline", "score", "--output", "=", "j"]) == "json\n")
        #expect(try bashOffers(["timberline", "score", "--output", "="]) == "text\njson\n")
        #expect(try bashOffers(["timberline", "--output", "=", "json", "sc"]) == "score\n")
    }

    @Test("zsh offers what can follow", .enabled(if: Shell.zsh != nil, "zsh is not installed"))
    func zsh() throws {
        let equals = Case(line: "timberline score --output=", offered: ["json", "text"])
        let cases = Self.cases + [equals]
        let outputs = try zshOffers(cases.map(\.line))
        try #require(outputs.count == cases.count, "\(outputs)")
        for (test, output) in zip(cases, outputs) { try check(test, in: output) }
    }

    @Test(
        "fish offers what can follow",
        .enabled(if: Shell.fish != nil, "fish is not installed"),
        arguments: cases
    )
    func fish(test: Case) throws {
        try check(test, in: try fishOffers(test.line))
    }

    @Test(
        "fish offers values behind the equals sign",
        .enabled(if: Shell.fish != nil, "fish is not installed")
    )
    func fishEquals() throws {
        try check(
            Case(line: "", offered: ["--output=json"]),
            in: try fishOffers("timberline score --output=j")
        )
    }

    @Test("help texts with quotes and dollars do no harm in any shell", arguments: CompletionShell.allCases)
    func quoting(shell: CompletionShell) throws {
        guard let peer = Shell(shell.rawValue) else { return }
        let nasty = "It's \"$HOME\" `id` \\ : $(touch owned); [x]"
        let program = Program(
            Command(
                "timberline",
                summary: nasty,
                subcommands: [
                    Command("score", summary: nasty, arguments: [Option("top", .integer, help: nasty)])
                ]
            )
        )
        guard case .show(let script) = try program.parse(["completion", shell.rawValue]) else { return }
        try withFile(script) { file in
            let output = try peer.run([
                "-c", "\(shell == .zsh ? "compdef() { : }; " : "")source \(file); ls; echo sourced",
            ])
            #expect(output == "access.log\nsourced\n")
        }
    }

    // MARK: The shells

    private func script(_ shell: CompletionShell) throws -> String {
        try Fixture.shown("completion", shell.rawValue)
    }

    private func bashOffers(_ words: [String]) throws -> String {
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let ask =
            "COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); _timberline; printf '%s\\n' \"${COMPREPLY[@]}\""
        return try withFile(try script(.bash)) { try Shell.bash?.run(["-c", "source \($0); \(ask)"]) ?? "" }
    }

    /// All lines in one shell: starting it with its completion takes most of the time.
    private func zshOffers(_ typed: [String]) throws -> [String] {
        let output = try withFile(try script(.zsh)) { file in
            try withFile(zshDriver) { try Shell.zsh?.run(["-f", $0, file] + typed) ?? "" }
        }
        // A terminal's line ends are one character in Swift, and the line typed comes back.
        let lines = output.unicodeScalars.split { "\r\n".unicodeScalars.contains($0) }.map(String.init)
        var outputs: [String] = []
        for line in lines {
            if line.hasPrefix("=== ") {
                outputs.append("")
            } else if !line.contains("timberline "), !outputs.isEmpty {
                outputs[outputs.count - 1] += line + "\n"
            }
        }
        return outputs
    }

    private func fishOffers(_ line: String) throws -> String {
        try withFile(try script(.fish)) {
            try Shell.fish?.run(["-c", "source \($0); complete -C '\(line)'"]) ?? ""
        }
    }

    private func check(_ test: Case, in output: String) throws {
        let words = output.split { " \n\t".contains($0) }.map(String.init)
        for word in test.offered { #expect(words.contains(word), "\(output)") }
        for word in test.absent {
            #expect(!words.contains(word.trimmingCharacters(in: .whitespaces)), "\(output)")
        }
    }

    private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "completion-\(UUID().uuidString)")
        try text.write(to: url, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }
}
