import LocalLambdaModel
import Telemetry

/// The interpreter of Python functions: whether it is there, and has AWS's runtime client.
final class PythonInterpreter: Sendable {
    private let program: String?
    private let path: String
    private let logger: Logger
    /// Of an interpreter that was found good: the minor version.
    private let minor = Locked<Int?>(nil)

    init(_ program: String?, path: String, logger: Logger) {
        self.program = program
        self.path = path
        self.logger = logger
    }

    /// Called before each use; it looks until it has found all in order once.
    ///
    /// - Parameter minor: the version that the function asks for. Another one is used with a warning.
    /// - Throws: `invalidRuntime`, with what to install.
    func check(minor wanted: Int) throws(InvocationRefusal) {
        guard minor.withLock({ $0 }) == nil else { return }
        guard let program else {
            throw InvocationRefusal(
                .invalidRuntime,
                "No interpreter for Python functions is set: give one that has AWS's runtime client with --python. "
                    + Self.advice
            )
        }
        let found: Int
        do throws(ProgramCheck.Failure) {
            let output = try ProgramCheck.output(of: program, ["-c", Self.question], path: path)
            found = Int(output.filter(\.isNumber)) ?? 0
        } catch {
            throw InvocationRefusal(
                .invalidRuntime,
                "Python functions cannot be run with '\(program)': \(error). " + Self.advice
            )
        }
        minor.withLock { $0 = found }
        if found != wanted {
            logger.warning(
                "python_version_differs",
                "functions for Python 3.\(wanted) run with Python 3.\(found)",
                ["interpreter": .string(program)]
            )
        }
    }

    private static let question = "import awslambdaric, sys; print(sys.version_info.minor)"
    private static let advice =
        "To install it: python3 -m venv lambda-python && lambda-python/bin/pip install awslambdaric, then --python lambda-python/bin/python."
}
