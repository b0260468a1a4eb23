import Foundation
import HTTPTestSupport
import KafkaTestSupport

/// A function in Python under AWS's Runtime Interface Emulator, which notes what it was given.
///
/// It takes one call at a time.
final class LambdaEmulator {
    private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../.build/peers/aws-lambda-rie").standardized.path
    private static let path = ProcessInfo.processInfo.environment["TIMBERLINE_TEST_RIE"] ?? home

    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)
    static let absence = "AWS's Lambda emulator is not in .build/peers (scripts/setup test)"

    let url: String
    private let program: RunningProgram
    private let notes: String

    /// - Parameter answer: in Python, the body of a function of `offsets`, a list; what it returns is the answer.
    init(_ scratch: Scratch, answering answer: String) throws {
        let port = try FreePort.any()
        notes = scratch.path("function-\(UUID().uuidString)")
        let body = answer.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let bootstrap = try scratch.write("bootstrap-\(UUID().uuidString)", Self.function(notes, body))
        chmod(bootstrap, 0o755)
        url = "http://127.0.0.1:\(port)"
        // Its own default is to listen on every address.
        program = try RunningProgram(
            "/usr/bin/env",
            [
                "AWS_LAMBDA_FUNCTION_TIMEOUT=30", Self.path, "--runtime-interface-emulator-address",
                "127.0.0.1:\(port)",
                "--runtime-api-address", "127.0.0.1:\(try FreePort.any())", "--log-level", "error", bootstrap,
                "handler",
            ]
        )
        let url = url
        try program.wait { try Command.run("curl", ["-s", "-o", "/dev/null", url]).status == 0 }
    }

    deinit {
        program.send(SIGKILL)
        _ = program.wait()
    }

    /// The offsets of each call, by partition, and what the function answered.
    var calls: [Call] {
        get throws {
            guard let text = try? String(contentsOfFile: notes, encoding: .utf8) else { return [] }
            return try text.split(separator: "\n").map {
                try JSONDecoder().decode(Call.self, from: Data($0.utf8))
            }
        }
    }

    struct Call: Decodable {
        var partition: String
        var offsets: [Int64]
        var values: [String]
        /// The first failed offset, if the function reported one.
        var failed: Int64?
    }

    private static func function(_ notes: String, _ body: String) -> String {
        """
        #!/usr/bin/env python3
        import base64, http.client, json, os, time
        def answer(offsets):
        \(body)
        runtime = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        while True:
            runtime.request("GET", "/2018-06-01/runtime/invocation/next")
            response = runtime.getresponse()
            event, request = json.loads(response.read()), response.headers["Lambda-Runtime-Aws-Request-Id"]
            (name, records), = event["records"].items()
            failed = answer([r["offset"] for r in records])
            items = [] if failed is None else [{"itemIdentifier": {"partition": name, "offset": failed}}]
            note = {"partition": name, "offsets": [r["offset"] for r in records], "failed": failed,
                "values": [base64.b64decode(r["value"]).decode() for r in records]}
            with open("\(notes)", "a") as file: file.write(json.dumps(note) + "\\n")
            runtime.request("POST", f"/2018-06-01/runtime/invocation/{request}/response", json.dumps({"batchItemFailures": items}))
            runtime.getresponse().read()
        """
    }
}
