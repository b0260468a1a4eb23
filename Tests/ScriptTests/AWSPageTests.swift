import Foundation
import Testing

/// scripts/check-aws-page finds what it looks for: a fault is planted in a copy of the page.
@Suite struct AWSPageTests {
    private static let hasCommandLine =
        ProcessInfo.processInfo.environment["TIMBERLINE_TEST_AWS_CLI"] != nil
        || FileManager.default.isExecutableFile(
            atPath: Script.root.appending(path: ".build/aws-cli/bin/aws").path
        )
    private static let hasRecords = FileManager.default.fileExists(
        atPath: Script.root.appending(path: "../shared/data/aws-fixtures/wire").path
    )
    private static let isSlow = ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1"

    @Test(
        "the AWS CLI, given the commands of docs/AWS.md, asks for what was recorded of AWS's own tools",
        .enabled(if: hasCommandLine, "the AWS CLI is not in .build/aws-cli (scripts/setup test)")
    )
    func page() throws {
        let result = try Script.run("-c", ["scripts/check-aws-page"])
        #expect(result.status == 0 && result.output.contains("16 commands"), "\(result.output)")
    }

    @Test("the costs of docs/AWS.md follow from its prices and what it assumes")
    func costs() throws {
        let page = try String(contentsOf: Script.root.appending(path: "docs/AWS.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        func price(_ name: String) throws -> Double {
            try #require(rows.first { $0[0] == name && $0.count == 2 }.flatMap { Double($0[1]) }, "\(name)")
        }
        let second = try price("Lambda on x86-64, a GB-second")
        let call = try price("Lambda, a million calls") / 1e6
        let object = try price("S3, a thousand objects written") / 1e3
        let costs = rows.filter { $0.count == 6 }.compactMap { row in
            Double(row[1].replacing(",", with: "")).map { (row: row, batch: $0) }
        }
        // Seconds of a line, seconds of a call, objects of a call.
        let assumed: [(line: Double, call: Double, objects: Double)] = [
            (20e-6 + 10e-3, 0, 0), (20e-6, 10e-3, 0), (20e-6, 0, 0), (20e-6, 30e-3, 1), (20e-6, 30e-3, 1),
            (20e-6, 30e-3, 1),
        ]
        try #require(costs.count == assumed.count)
        for (cost, assumed) in zip(costs, assumed) {
            let calls = 1e6 / cost.batch
            let lambda = calls * ((cost.batch * assumed.line + assumed.call) * second + call)
            let bucket = calls * assumed.objects * object
            for (text, value) in zip(cost.row[2...4], [lambda, bucket, lambda + bucket]) {
                // A cell without a number says that nothing is paid.
                let digits = text.isEmpty ? 9 : text.split(separator: ".").dropFirst().first?.count ?? 0
                let given = try #require(text.isEmpty ? 0 : Double(text))
                #expect(abs(given - value) <= 0.5 * pow(10, -Double(digits)) + 1e-9, "\(cost.row)")
            }
        }
    }

    @Test(
        "a page with another batch size, or without a command, is an error",
        .enabled(if: hasCommandLine, "the AWS CLI is not in .build/aws-cli (scripts/setup test)"),
        .enabled(if: hasRecords, "../shared/data/aws-fixtures/wire is not there"),
        .enabled(if: isSlow, "slow; set TIMBERLINE_SLOW_TESTS=1"),
        arguments: [
            ("--batch-size 500", "--batch-size 400", "recorded is"),
            ("aws lambda list-event-source-mappings", "# aws lambda list", "the page's commands are"),
        ]
    )
    func faults(old: String, new: String, message: String) throws {
        try Script.withDirectory { directory in
            let page = try String(contentsOf: Script.root.appending(path: "docs/AWS.md"), encoding: .utf8)
            #expect(page.contains(old))
            let copy = directory.appending(path: "AWS.md")
            try Script.write(page.replacing(old, with: new), to: copy)
            let result = try Script.run("-c", ["scripts/check-aws-page '\(copy.path)'"])
            #expect(result.status == 1 && result.output.contains(message), "\(result.output)")
        }
    }
}
