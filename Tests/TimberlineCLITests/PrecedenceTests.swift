import Foundation
import Testing

@testable import TimberlineCLI

@Suite struct CommandConfigurationTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("flag before environment before file before default, in what is in force and in what it does")
    func precedence() throws {
        let file = try scratch.write(
            "c.yaml",
            "kafka: {brokers: [b:1], topics: [t]}\ndetection: {threshold: 90}\n"
        )
        func threshold(_ arguments: [String], _ environment: [String: String]) throws -> String {
            let result = try scratch.run(["check"] + arguments, environment: environment)
            #expect(result.code == .success, "\(result.errors)")
            return try #require(result.lines.first { $0.contains("detection.threshold") })
        }
        let environment = ["TIMBERLINE_DETECTION_THRESHOLD": "80"]
        let bare = ["--brokers", "b:1", "--topic", "t"]
        #expect(try threshold(bare, [:]).contains("adaptive"))
        #expect(try threshold([file], [:]).contains("90"))
        #expect(try threshold([file], environment).contains("80"))
        #expect(try threshold([file, "--threshold", "70"], environment).contains("70"))

        // A threshold above every score lets nothing through.
        let log = try scratch.write("app.log", SampleLog().text)
        let detection = try scratch.write("d.yaml", "detection: {threshold: 90}\n")
        #expect(try scratch.run(["score", log]).output != "")
        #expect(try scratch.run(["score", "--config", detection, log]).output == "")
        let low = ["TIMBERLINE_DETECTION_THRESHOLD": "0.1"]
        let some = try scratch.run(["score", "--config", detection, log], environment: low).lines.count
        #expect(some > 500)
        let arguments = ["score", "--config", detection, "--threshold", "50", log]
        #expect(try scratch.run(arguments, environment: low).output == "")
    }

    @Test(
        "a feature may be one class of status alone",
        arguments: [("4xx", "404", "503"), ("5xx", "503", "404")]
    )
    func statusClass(_ transform: String, _ odd: String, _ other: String) throws {
        let lines = (0..<600).map { index in
            #"{"status":\#(index == 500 ? odd : index == 550 ? other : "200"),"bytes":\#(900 + index % 7)}"#
        }
        let log = try scratch.write("app.log", lines.joined(separator: "\n") + "\n")
        let file = try scratch.write(
            "c.yaml",
            "detection: {features: [{field: status, transform: \(transform)}, {field: bytes, transform: log}]}\n"
        )
        let output = try scratch.run(["score", "--config", file, "--output", "json", log]).lines
        func records(of status: String) -> [String] { output.filter { $0.contains(#"status\":"# + status) } }
        #expect(records(of: odd).count == 1, "\(output)")
        #expect(records(of: odd).first?.contains("status \(transform)") == true)
        #expect(records(of: other).isEmpty, "\(output)")
    }

    @Test("a secret is never printed: not by check, not in an error, not in a log line")
    func secrets() throws {
        let secret = "hunter2-\(UUID().uuidString)"
        try scratch.write("password", secret + "\n")
        let yaml = """
            kafka:
              brokers: [127.0.0.1:1]
              topics: [t]
              properties:
                security.protocol: sasl_plaintext
                sasl.mechanism: PLAIN
                sasl.username: u
                sasl.password: {file: \(scratch.path("password"))}
            """
        let file = try scratch.write("c.yaml", yaml)
        let checked = try scratch.run(["check", file])
        #expect(checked.code == .success, "\(checked.errors)")
        #expect(checked.output.contains("sasl.password"))
        let flag = ["--kafka-property", "sasl.password=\(secret)"]
        let ran = try scratch.run(
            [
                "run", "--config", file, "--store", scratch.path("s.db"), "--dead-letter-file",
                scratch.path("d"),
                "--log-level", "debug",
            ] + flag,
            environment: ["TIMBERLINE_KAFKA_CONNECT_TIMEOUT": "400ms"]
        )
        #expect(ran.code == .unavailable)
        let wrong = try scratch.run(["check", file, "--kafka-property", "sasl.pasword=\(secret)"])
        #expect(wrong.code == .invalidConfiguration)
        for result in [checked, ran, wrong, try scratch.run(["check", file] + flag)] {
            #expect(!(result.output + result.errors).contains(secret))
        }
    }
}
