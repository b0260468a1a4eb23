import JSONText
import LocalLambdaModel

extension FunctionVersion {
    /// Settings that have no effect here and are shown as they were given.
    static let echoedNames = ["DeadLetterConfig", "KMSKeyArn", "SnapStart", "VpcConfig"]

    /// Settings without which a function would not be the same, and which are not here.
    private static let refusedNames: [(name: String, instead: String)] = [
        ("Layers", "put what the layer holds into the function's zip"),
        ("FileSystemConfigs", "the function sees this machine's files"),
        ("ImageConfig", "functions are zips here"),
        ("CodeSigningConfigArn", "code is not signed here"),
        ("CapacityProviderConfig", "functions run in processes of this machine"),
        ("DurableConfig", "there are no durable executions here"),
        ("TenancyConfig", "environments belong to a function here, not to a tenant"),
    ]

    /// A new version by the members of a request, or of a document that holds the same.
    init(
        _ fields: RequestFields,
        name: FunctionName,
        location: AWSLocation,
        code: FunctionCode,
        revisionID: String,
        at milliseconds: Int64
    ) throws {
        guard let runtime = try Self.runtime(fields), let handler = try Self.handler(fields) else {
            throw ControlPlaneError.invalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages."
            )
        }
        guard let role = try Self.role(fields) else {
            throw ControlPlaneError.invalid("role", "null", "Member must not be null")
        }
        configuration = FunctionConfiguration(
            name: name,
            location: location,
            runtime: runtime,
            handler: handler,
            role: role,
            code: code,
            revisionID: revisionID,
            lastModifiedMilliseconds: milliseconds
        )
        try apply(fields)
    }

    /// Takes over what a request changes.
    mutating func apply(_ fields: RequestFields) throws {
        try Self.refuseUnsupported(fields)
        configuration.runtime = try Self.runtime(fields) ?? configuration.runtime
        configuration.handler = try Self.handler(fields) ?? configuration.handler
        configuration.role = try Self.role(fields) ?? configuration.role
        configuration.description = try fields.string("Description", 0...256) ?? configuration.description
        configuration.timeoutSeconds = try fields.integer("Timeout", 1...900) ?? configuration.timeoutSeconds
        configuration.memoryMegabytes =
            try fields.integer("MemorySize", 128...10_240) ?? configuration.memoryMegabytes
        if let storage = try fields.object("EphemeralStorage") {
            configuration.ephemeralStorageMegabytes =
                try storage.integer("Size", 512...10_240) ?? configuration.ephemeralStorageMegabytes
        }
        if let environment = try fields.object("Environment") {
            configuration.environment = try Self.variables(environment)
        }
        try applyArchitecture(fields)
        if let tracing = try fields.object("TracingConfig") {
            configuration.tracingMode =
                try tracing.choice("Mode", ["Active", "PassThrough"]) ?? configuration.tracingMode
        }
        if let logging = try fields.object("LoggingConfig") { try configuration.logging.apply(logging) }
        for name in Self.echoedNames {
            if let value = fields.members[name] { echoed[name] = value }
        }
    }

    mutating func applyArchitecture(_ fields: RequestFields) throws(ControlPlaneError) {
        guard let architectures = try fields.strings("Architectures") else { return }
        guard architectures.count == 1, let only = architectures.first, ["x86_64", "arm64"].contains(only)
        else {
            throw .invalid(
                "architectures",
                "\(architectures)",
                "Member must be a list of one of the enum value set: [x86_64, arm64]"
            )
        }
        configuration.architecture = only
    }

    private static func refuseUnsupported(_ fields: RequestFields) throws(ControlPlaneError) {
        for (name, instead) in refusedNames {
            switch fields.members[name] {
            case nil, .string(""), .array([]), .object([:]): continue
            default: throw .invalid("\(name) is not supported by this local Lambda: \(instead)")
            }
        }
        if try fields.string("PackageType") == "Image" {
            throw .invalid("PackageType Image is not supported by this local Lambda: functions are zips here")
        }
    }

    private static func runtime(_ fields: RequestFields) throws(ControlPlaneError) -> FunctionRuntime? {
        guard let text = try fields.string("Runtime") else { return nil }
        guard let runtime = FunctionRuntime(text) else {
            throw .invalid(
                "Value \(text) at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
                    + "[provided.al2023, provided.al2, python3.8 to python3.14], which this local Lambda runs"
            )
        }
        return runtime
    }

    private static func handler(_ fields: RequestFields) throws(ControlPlaneError) -> String? {
        guard let handler = try fields.string("Handler", 0...128) else { return nil }
        guard !handler.isEmpty, !handler.contains(where: \.isWhitespace) else {
            throw .invalid("handler", handler, "Member must satisfy regular expression pattern: [^\\s]+")
        }
        return handler
    }

    private static func role(_ fields: RequestFields) throws(ControlPlaneError) -> String? {
        guard let role = try fields.string("Role") else { return nil }
        let parts = role.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "iam",
            parts[3].isEmpty,
            parts[4].utf8.count == 12, parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            parts[5].hasPrefix("role/"), parts[5] != "role/"
        else {
            throw .invalid(
                "role",
                role,
                "Member must satisfy regular expression pattern: "
                    + "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+"
            )
        }
        return role
    }

    private static func variables(_ fields: RequestFields) throws(ControlPlaneError) -> [String: String] {
        let variables = try fields.texts("Variables") ?? [:]
        let reserved = variables.keys.filter(reservedVariables.contains).sorted()
        guard reserved.isEmpty else {
            throw .invalid(
                "Lambda was unable to configure your environment variables because the environment variables you have "
                    + "provided contains reserved keys that are currently not supported for modification. Reserved keys "
                    + "used in this request: \(reserved.joined(separator: ", "))"
            )
        }
        for name in variables.keys {
            guard name.utf8.count >= 2, name.utf8.first.map(isLetter) == true,
                name.utf8.allSatisfy({ isLetter($0) || $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) }
                )
            else {
                throw .invalid(
                    "environment.variables",
                    name,
                    "Map keys must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+"
                )
            }
        }
        let size = variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= variablesLimit, !variables.values.contains(where: { $0.utf8.contains(0) }) else {
            throw .invalid(
                "Lambda was unable to configure your environment variables because the environment variables you have "
                    + "provided exceeded the 4KB limit, or hold a NUL."
            )
        }
        return variables
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }

    /// Bytes of all names and values together at most.
    private static let variablesLimit = 4_096

    /// Source: "Using Lambda environment variables" in AWS's Lambda Developer Guide.
    private static let reservedVariables: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
    ]
}

extension FunctionLogging {
    fileprivate mutating func apply(_ fields: RequestFields) throws(ControlPlaneError) {
        format = try fields.choice("LogFormat", ["JSON", "Text"]) ?? format
        let levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
        applicationLevel = try fields.choice("ApplicationLogLevel", levels) ?? applicationLevel
        systemLevel = try fields.choice("SystemLogLevel", ["DEBUG", "INFO", "WARN"]) ?? systemLevel
        if let given = try fields.string("LogGroup", 1...512) { group = given }
        if format == "Text" {
            applicationLevel = nil
            systemLevel = nil
        } else {
            applicationLevel = applicationLevel ?? "INFO"
            systemLevel = systemLevel ?? "INFO"
        }
    }
}
