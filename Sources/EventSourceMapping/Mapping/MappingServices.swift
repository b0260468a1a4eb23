public import AWSServices
public import LocalLambdaModel
public import Telemetry

/// What mappings work with.
public struct MappingServices: Sendable {
    public var invoker: any FunctionInvoking
    public var connections: any KafkaConnectionResolving
    /// Calls the destinations of failures: SQS, SNS, S3.
    public var client: AWSClient
    /// Whose the functions are.
    public var location: AWSLocation
    public var logger: Logger
    /// Milliseconds since 1970, UTC.
    public var millisecondsNow: @Sendable () -> Int64

    public init(
        invoker: any FunctionInvoking,
        connections: any KafkaConnectionResolving,
        client: AWSClient,
        location: AWSLocation,
        logger: Logger,
        millisecondsNow: @escaping @Sendable () -> Int64 = wallClockMilliseconds
    ) {
        self.invoker = invoker
        self.connections = connections
        self.client = client
        self.location = location
        self.logger = logger
        self.millisecondsNow = millisecondsNow
    }
}
