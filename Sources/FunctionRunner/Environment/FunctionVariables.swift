import LocalLambdaModel

/// The environment variables of a function's process, as AWS sets them.
///
/// The function's own come first, but cannot change the reserved ones. `PATH` is this machine's, as AWS's programs
/// are not here.
///
/// Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
struct FunctionVariables {
    var configuration: FunctionConfiguration
    /// `HOST:PORT`
    var runtimeAPI: String
    var logStream: String
    var settings: FunctionRunner.Settings

    /// - Parameter path: this machine's search path.
    func all(path: String) -> [String: String] {
        defaults(path: path)
            .merging(configuration.environment) { _, own in own }
            .merging(reserved) { _, reserved in reserved }
    }

    /// Those that a function may change.
    private func defaults(path: String) -> [String: String] {
        let (task, runtime) = (configuration.code.directory, Self.runtimeDirectory)
        var variables = [
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PATH": path,
            "LD_LIBRARY_PATH":
                "/lib64:/usr/lib64:\(runtime):\(runtime)/lib:\(task):\(task)/lib:/opt/lib",
            "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        ]
        if let url = settings.endpointURL { variables["AWS_ENDPOINT_URL"] = url }
        if case .python = configuration.runtime { variables["PYTHONPATH"] = runtime }
        return variables
    }

    private var reserved: [String: String] {
        var variables = [
            "_HANDLER": configuration.handler,
            "AWS_REGION": configuration.location.region,
            "AWS_DEFAULT_REGION": configuration.location.region,
            "AWS_LAMBDA_FUNCTION_NAME": configuration.name.text,
            "AWS_LAMBDA_FUNCTION_VERSION": configuration.version.description,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "\(configuration.memoryMegabytes)",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": configuration.logging.group,
            "AWS_LAMBDA_LOG_STREAM_NAME": logStream,
            "AWS_LAMBDA_RUNTIME_API": runtimeAPI,
            "AWS_ACCESS_KEY_ID": settings.credentials.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": settings.credentials.secretAccessKey,
            "LAMBDA_TASK_ROOT": configuration.code.directory,
            "LAMBDA_RUNTIME_DIR": Self.runtimeDirectory,
        ]
        if let token = settings.credentials.sessionToken { variables["AWS_SESSION_TOKEN"] = token }
        if configuration.logging.format != "Text" {
            variables["AWS_LAMBDA_LOG_FORMAT"] = configuration.logging.format
        }
        if let level = configuration.logging.applicationLevel { variables["AWS_LAMBDA_LOG_LEVEL"] = level }
        // Custom runtimes have none (AWS sets it for managed ones only).
        if case .python = configuration.runtime {
            variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_\(configuration.runtime)"
        }
        return variables
    }

    /// As on AWS; nothing is there.
    private static let runtimeDirectory = "/var/runtime"
}
