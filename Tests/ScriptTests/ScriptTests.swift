import Foundation
import Testing

/// The checks of `make check` find what they look for: each is run on a planted fault.
@Suite(.serialized) struct ScriptTests {
    @Test("the repository's own imports are as the table says")
    func imports() throws {
        let result = try Script.run("scripts/check-imports")
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        "an import that the table does not allow is an error with its place",
        arguments: [
            ("Telemetry", "import Foundation", "Telemetry may not import Foundation"),
            ("Telemetry", "import FoundationEssentials", "Telemetry may not import FoundationEssentials"),
            ("Telemetry", "public import KafkaClient", "Telemetry may not import KafkaClient"),
            (
                "LogRecords", "  @preconcurrency internal import CLibYAML",
                "LogRecords may not import CLibYAML"
            ),
            (
                "LogRecords", "import struct RandomCutForest.Score",
                "LogRecords may not import RandomCutForest"
            ),
            ("RandomCutForest", "import Glibc", "RandomCutForest may not import Glibc"),
            ("Unheard", "import Swift", "Unheard is not in the table"),
        ]
    )
    func plantedImport(target: String, line: String, message: String) throws {
        try Script.withDirectory { directory in
            try Script.write("\n\(line)\n", to: directory.appending(path: "\(target)/File.swift"))
            let result = try Script.run("scripts/check-imports", [directory.path])
            #expect(result.status == 1)
            #expect(result.output.contains(message), "\(result.output)")
            if target != "Unheard" { #expect(result.output.contains("File.swift:2:")) }
        }
    }

    @Test("an allowed import passes")
    func allowedImport() throws {
        try Script.withDirectory { directory in
            let text =
                "import Glibc\ninternal import CLibYAML\npublic import TypedValues\n// import Foundation\n"
            try Script.write(text, to: directory.appending(path: "Configuration/File.swift"))
            #expect(try Script.run("scripts/check-imports", [directory.path]).status == 0)
        }
    }

    @Test("a link to a file or heading that is not there is an error; code and the web are left alone")
    func links() throws {
        try Script.withDirectory { directory in
            let page = directory.appending(path: "page.md")
            let text = """
                # A heading: with `code`, and more
                [fine](#a-heading-with-code-and-more) [also](other.md#below) [web](https://example.org/none)
                [gone](gone.md) [no heading](other.md#above) `[code](gone.md)`
                ```
                [fenced](gone.md)
                ```
                """
            try Script.write(text, to: page)
            try Script.write("## Below\n", to: directory.appending(path: "other.md"))
            let result = try Script.run("scripts/check-links", [page.path])
            #expect(result.status == 1)
            #expect(result.output.contains("page.md:3: there is no gone.md"))
            #expect(result.output.contains("page.md:3: there is no heading #above"))
            #expect(result.output.contains("2 failed"), "\(result.output)")
        }
    }

    @Test(
        "a secret, a private path and a build product in tracked files are errors",
        arguments: [
            ("notes.txt", "see /ro" + "ot/x", "a path of one machine"),
            ("key.pem", "-----BEGIN EC PRIV" + "ATE KEY-----", "a private key"),
            ("config", "id = AKIA" + "ABCDEFGHIJKLMNOP", "an access key"),
            ("x.pyc", "", "build products"),
            ("fine.txt", "a/work/item and /etc/hosts", nil),
        ] as [(String, String, String?)]
    )
    func privateData(name: String, text: String, message: String?) throws {
        try Script.withDirectory { directory in
            let script = try String(
                contentsOf: Script.root.appending(path: "scripts/check-private"),
                encoding: .utf8
            )
            try Script.write(script, to: directory.appending(path: "scripts/check-private"))
            try Script.write(text, to: directory.appending(path: name))
            let setUp =
                "cd '\(directory.path)' && git init -q . && git add -A -f && bash scripts/check-private"
            let result = try Script.run("-c", [setUp])
            #expect(result.status == (message == nil ? 0 : 1), "\(result.output)")
            if let message { #expect(result.output.contains(message), "\(result.output)") }
        }
    }

    @Test("set-up with everything there does nothing, quickly")
    func setUp() throws {
        let result = try Script.run("scripts/setup", ["build"])
        #expect(result.status == 0)
        #expect(result.output.isEmpty, "\(result.output)")
        #expect(try Script.run("scripts/setup", ["nonsense"]).status == 64)
    }

    @Test("set-up on a machine without the packages installs them as root, or prints exactly what to install")
    func setUpOfPackages() throws {
        try Script.withDirectory { directory in
            let stubs = [
                "dpkg-query": "[ \"${@: -1}\" = libyaml-dev ] || echo installed",
                "apt-get": "echo \"apt-get $*\" >> '\(directory.path)/calls'",
                "sudo": "exit 1",
            ]
            for (name, text) in stubs {
                try Script.write("#!/usr/bin/env bash\n\(text)\n", to: directory.appending(path: name))
            }
            let command = "chmod +x '\(directory.path)'/*; PATH='\(directory.path)':$PATH scripts/setup"
            let result = try Script.run("-c", [command])
            let calls = try? String(contentsOf: directory.appending(path: "calls"), encoding: .utf8)
            if getuid() == 0 {
                #expect(
                    calls
                        == "apt-get -qq update\napt-get -qq install -y --no-install-recommends libyaml-dev\n"
                )
                #expect(result.status == 0, "\(result.output)")
            } else {
                #expect(calls == nil)
                #expect(
                    result.output.contains("sudo apt-get update && sudo apt-get install -y libyaml-dev\n")
                )
                #expect(result.status == 69)
            }
        }
    }

    @Test(
        "every goal of the Makefile is explained by make help",
        .enabled(if: Script.hasMake, "make is not installed")
    )
    func help() throws {
        let output = try Script.run("-c", ["make help"]).output
        for goal in [
            "build", "demo", "test", "test-slow", "check", "format", "bench", "bench-forest",
            "bench-pipeline", "help",
        ] {
            #expect(output.contains("  make \(goal) "), "\(output)")
        }
    }
}
