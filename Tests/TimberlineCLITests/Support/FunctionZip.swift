import Foundation
import KafkaTestSupport
import Testing

/// Zips for functions, base64, as the API takes them.
enum FunctionZip {
    /// A zip of one's own entries, by Python's `zipfile`.
    ///
    /// - Parameter entries: in Python, a list of names with their content: `[('bootstrap', sys.stdin.read())]`.
    static func make(_ entries: String, input: String = "") throws -> String {
        let program = """
            import base64, io, sys, zipfile
            output = io.BytesIO()
            with zipfile.ZipFile(output, 'w', zipfile.ZIP_DEFLATED) as package:
                for name, content in \(entries):
                    entry = zipfile.ZipInfo(name)
                    entry.external_attr, entry.compress_type = 0o100755 << 16, zipfile.ZIP_DEFLATED
                    package.writestr(entry, content)
            print(base64.b64encode(output.getvalue()).decode(), end='')
            """
        let made = try Command.run("python3", ["-c", program], input: input)
        try #require(made.status == 0, "\(made.errors)")
        return made.output
    }

    /// A custom runtime in one file.
    static func make(bootstrap: String) throws -> String {
        try make("[('bootstrap', sys.stdin.read())]", input: bootstrap)
    }

    /// Timberline's own function, as `scripts/build-lambda` makes it.
    static func timberline() throws -> String {
        try Data(contentsOf: URL(fileURLWithPath: timberlinePath)).base64EncodedString()
    }

    static let timberlineIsBuilt = FileManager.default.fileExists(atPath: timberlinePath)
    static let timberlineAbsence = "the function is not built (scripts/build-lambda)"

    private static let timberlinePath = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../.build/lambda/timberline-lambda.zip").standardized.path
}
