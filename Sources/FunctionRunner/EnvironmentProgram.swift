import Glibc
import LocalLambdaModel
import Telemetry

/// What runs in an environment, and how.
struct EnvironmentProgram: Sendable {
    let configuration: FunctionConfiguration
    let settings: FunctionRunner.Settings
    let path: String

    /// - Parameter path: this machine's search path.
    init(_ configuration: FunctionConfiguration, _ settings: FunctionRunner.Settings, path: String) {
        self.configuration = configuration
        self.settings = settings
        self.path = path
    }

    var runtime: String { configuration.runtime.description }
    var supervisorCommand: String { settings.supervisorCommand }

    var limits: EnvironmentLimits {
        var limits = settings.limits
        limits.timeout = .seconds(configuration.timeoutSeconds)
        limits.idle = settings.idleLimit
        limits.memory = configuration.memoryMegabytes << 20
        return limits
    }

    /// - Parameter runtimeAPI: `HOST:PORT`
    func order(runtimeAPI: String) -> ProgramOrder {
        let variables = FunctionVariables(
            configuration: configuration,
            runtimeAPI: runtimeAPI,
            logStream: Identifiers.logStream(
                version: configuration.version.description,
                at: wallClockMilliseconds()
            ),
            settings: settings
        )
        var order = ProgramOrder(
            program: bootstrap,
            directory: configuration.code.directory,
            variables: variables.all(path: path)
        )
        if case .python = configuration.runtime {
            // That an interpreter is set is checked before.
            order.program = settings.pythonInterpreter ?? ""
            order.arguments = ["-m", "awslambdaric", configuration.handler]
        }
        return order
    }

    private var bootstrap: String { configuration.code.directory + "/bootstrap" }

    /// Why the program cannot be run, as Lambda words it.
    ///
    /// - Parameter error: the system's.
    func failure(ofStart error: Int32) -> InvocationFailure {
        if error == ENOENT, access(bootstrap, F_OK) != 0 {
            return .invalidEntrypoint("Couldn't find valid bootstrap(s): [\(bootstrap)]")
        }
        let reason = String(cString: strerror(error)).lowercased()
        return .invalidEntrypoint("fork/exec \(bootstrap): \(reason)")
    }
}
