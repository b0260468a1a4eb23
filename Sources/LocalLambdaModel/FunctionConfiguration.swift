/// All that is known of one version of a function.
public struct FunctionConfiguration: Sendable, Hashable {
    public var name: FunctionName
    /// `latest`, or a published version.
    public var version: FunctionQualifier
    public var location: AWSLocation
    public var runtime: FunctionRuntime
    /// `module.function` of a Python function; free text for a custom runtime.
    public var handler: String
    /// ARN of the execution role. Nothing is asked of it here.
    public var role: String
    public var description = ""
    /// 1 to 900.
    public var timeoutSeconds = 3
    /// 128 to 10240, in mebibytes.
    public var memoryMegabytes = 128
    /// 512 to 10240, in mebibytes: the bound of `/tmp` on AWS.
    public var ephemeralStorageMegabytes = 512
    public var environment: [String: String] = [:]
    /// `x86_64` or `arm64`.
    public var architecture = "x86_64"
    public var tracingMode = "PassThrough"
    public var logging: FunctionLogging
    public var code: FunctionCode
    /// Another one after each change of code or configuration.
    public var revisionID: String
    /// Milliseconds since 1970, UTC.
    public var lastModifiedMilliseconds: Int64
    public var state = FunctionState.active
    public var lastUpdateStatus = FunctionUpdateStatus.successful

    public init(
        name: FunctionName,
        version: FunctionQualifier = .latest,
        location: AWSLocation,
        runtime: FunctionRuntime,
        handler: String,
        role: String,
        code: FunctionCode,
        revisionID: String,
        lastModifiedMilliseconds: Int64
    ) {
        self.name = name
        self.version = version
        self.location = location
        self.runtime = runtime
        self.handler = handler
        self.role = role
        logging = FunctionLogging(group: "/aws/lambda/\(name)")
        self.code = code
        self.revisionID = revisionID
        self.lastModifiedMilliseconds = lastModifiedMilliseconds
    }

    /// Without qualifier.
    public var arn: String { FunctionReference(name).arn(in: location) }

    /// With the version.
    public var qualifiedARN: String { FunctionReference(name, version).arn(in: location) }
}
