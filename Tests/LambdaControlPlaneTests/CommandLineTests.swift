import Foundation
import JSONText
import KafkaTestSupport
import LocalLambdaModel
import Testing

/// AWS's command lines: those that `TIMBERLINE_TEST_AWS_CLI` names, separated by colons, and those that are installed.
private enum AWSCommandLine: String, CaseIterable {
    case one = "AWS CLI 1"
    case two = "AWS CLI 2"

    private static let environment = ProcessInfo.processInfo.environment
    static let isSlow = environment["TIMBERLINE_SLOW_TESTS"] == "1"

    /// What each one that is there says of itself, by its path.
    private static let versions: [(path: String, text: String)] = {
        let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../.build/aws-cli/bin/aws").standardized.path
        let named = environment["TIMBERLINE_TEST_AWS_CLI"]?.split(separator: ":").map(String.init) ?? []
        return (named + [own, "aws", "/usr/bin/aws"]).compactMap { path in
            guard let shown = try? Command.run(path, ["--version"]), shown.status == 0 else { return nil }
            return (path, shown.output)
        }
    }()

    private var absence: String {
        switch self {
        case .one: "AWS CLI 1 is not in .build/aws-cli (scripts/setup test)"
        case .two: "AWS CLI 2 is not installed (Debian: awscli), and not named in TIMBERLINE_TEST_AWS_CLI"
        }
    }

    /// The command, and its version. Where it cannot be had, the test is cancelled with the reason.
    func find() throws -> (path: String, version: String) {
        let beginning = self == .one ? "aws-cli/1." : "aws-cli/2."
        guard let found = Self.versions.first(where: { $0.text.hasPrefix(beginning) }) else {
            print("➜ left out: \(rawValue): \(absence)")
            try Test.cancel("\(rawValue): \(absence)")
        }
        return (found.path, found.text)
    }
}

@Suite("AWS's command line against a local Lambda")
struct CommandLineTests {
    let served: ServedPlane
    private let directory: String

    init() throws {
        served = try ServedPlane()
        directory = served.plane.directory + "/files"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let zip = try Base64.decode(Array(TestPlane.zip.utf8))
        try Data(zip).write(to: URL(fileURLWithPath: directory + "/function.zip"))
        try #"{"a":1}"#.write(toFile: directory + "/event.json", atomically: true, encoding: .utf8)
    }

    /// Runs `aws lambda …` with nothing but an address and keys in its environment.
    private func aws(_ path: String, _ arguments: String) throws -> JSONValue {
        let result = try Command.run(
            path,
            ["lambda"] + arguments.split(separator: " ").map(String.init),
            environment: [
                "AWS_ENDPOINT_URL": served.url, "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test", "AWS_PAGER": "", "AWS_CONFIG_FILE": "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            ]
        )
        try #require(result.status == 0, "aws lambda \(arguments): \(result.errors)")
        return result.output.isEmpty ? .null : try JSONValue(Array(result.output.utf8))
    }

    @Test(
        "its usual commands do what they say, in each of its versions",
        .enabled(if: AWSCommandLine.isSlow, "slow; set TIMBERLINE_SLOW_TESTS=1"),
        arguments: AWSCommandLine.allCases
    )
    fileprivate func usual(_ commandLine: AWSCommandLine) throws {
        let name = "--function-name my-kafka-lambda"
        let (path, version) = try commandLine.find()
        // Version 1 finds no address in its environment before 1.29, version 2 before 2.13: an option says it then.
        let address = version.hasPrefix("aws-cli/2.9.") ? " --endpoint-url \(served.url)" : ""
        func run(_ arguments: String) throws -> JSONValue { try aws(path, arguments + address) }
        let made = try run(
            "create-function \(name) --runtime provided.al2023 --handler bootstrap --role \(TestPlane.role) "
                + "--zip-file fileb://\(directory)/function.zip --tags team=logs"
        )
        #expect(made["CodeSha256"]?.string == TestPlane.zipDigest)
        let mapping = try run(
            "create-event-source-mapping \(name) --batch-size 100 --starting-position LATEST --topics my-log-topic "
                + "--event-source-arn \(TestPlane.cluster)"
        )
        let id = try #require(mapping["UUID"]?.string)
        _ = try run("update-event-source-mapping --uuid \(id) --batch-size 500")
        _ = try run("put-function-concurrency \(name) --reserved-concurrent-executions 50")
        _ = try run("update-function-configuration \(name) --timeout 30 --memory-size 1024")
        let function = try run("get-function \(name)")
        #expect(function["Concurrency"]?["ReservedConcurrentExecutions"]?.integer == 50)
        #expect(function["Configuration"]?["MemorySize"]?.integer == 1_024)
        #expect(function["Tags"]?["team"]?.string == "logs")
        #expect(try run("get-event-source-mapping --uuid \(id)")["BatchSize"]?.integer == 500)
        let invoked = try run(
            "invoke \(name) --payload fileb://\(directory)/event.json --log-type Tail \(directory)/answer.json"
        )
        #expect(invoked["StatusCode"]?.integer == 200 && invoked["LogResult"] != nil)
        #expect(served.plane.runner.invoked.first?.payload == Array(#"{"a":1}"#.utf8))
        _ = try run("wait function-active \(name)")
        _ = try run("delete-event-source-mapping --uuid \(id)")
        _ = try run("delete-function \(name)")
        #expect(try run("list-functions")["Functions"]?.array == [])
    }
}
