import Foundation
public import KafkaTestSupport

/// Python with boto3, moto and MSK's signer, which `scripts/setup test` installs into `.build/aws-peers`.
public enum PythonPeers {
    private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../.build/aws-peers").standardized.path
    private static let python = home + "/bin/python"

    public static let areInstalled = FileManager.default.fileExists(atPath: home + "/installed")
    public static let absence =
        "boto3, moto and MSK's signer are not in .build/aws-peers (scripts/setup test)"

    public static let havePowertools =
        areInstalled && (try? run("import aws_lambda_powertools").status) == 0
    public static let absenceOfPowertools =
        "aws-lambda-powertools is not in .build/aws-peers (scripts/setup test)"

    /// Runs a program with these variables and no others.
    public static func run(
        _ program: String,
        _ arguments: [String] = [],
        input: String = "",
        environment: [String: String] = [:]
    ) throws -> Command {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        return try Command.run("env", ["-i"] + variables + [python, "-c", program] + arguments, input: input)
    }

    /// Starts one that goes on.
    public static func start(_ program: String, _ arguments: [String] = []) throws -> RunningProgram {
        try RunningProgram("/usr/bin/env", [python, "-c", program] + arguments)
    }
}
