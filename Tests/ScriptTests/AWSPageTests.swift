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
        #expect(result.status == 0 && result.output.contains("15 commands"), "\(result.output)")
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
