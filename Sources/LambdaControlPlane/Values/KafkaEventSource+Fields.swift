import LocalLambdaModel

extension KafkaEventSource {
    /// Reads `EventSourceArn` or `SelfManagedEventSource`.
    init(_ fields: RequestFields) throws(ControlPlaneError) {
        switch (try fields.string("EventSourceArn"), try fields.object("SelfManagedEventSource")) {
        case (let arn?, nil):
            guard Self.clusterName(inARN: arn) != nil else {
                throw .invalid(
                    "Unrecognized event source: \(arn). This local Lambda reads Kafka: the ARN of an Amazon MSK cluster "
                        + "(arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/ID), or SelfManagedEventSource."
                )
            }
            self = .msk(arn: arn)
        case (nil, let source?):
            let endpoints = try source.object("Endpoints")
            guard let servers = try endpoints?.strings("KAFKA_BOOTSTRAP_SERVERS"),
                (1...10).contains(servers.count),
                servers.allSatisfy(Self.isServer)
            else {
                throw .invalid("KAFKA_BOOTSTRAP_SERVERS must be 1 to 10 addresses of the form HOST:PORT.")
            }
            self = .selfManaged(servers: servers)
        case (nil, nil): throw .invalid("EventSourceArn or SelfManagedEventSource must be given.")
        case (_?, _?): throw .invalid("EventSourceArn and SelfManagedEventSource exclude each other.")
        }
    }

    private static func isServer(_ text: String) -> Bool {
        guard text.utf8.count <= 300, let colon = text.lastIndex(of: ":"), colon != text.startIndex else {
            return false
        }
        let port = text[text.index(after: colon)...]
        return UInt16(port).map { $0 > 0 } == true && !text.contains(",")
            && !text.contains(where: \.isWhitespace)
    }
}

extension EventSourceStartingPosition {
    init(_ fields: RequestFields) throws {
        let time = try fields.milliseconds("StartingPositionTimestamp")
        let name = try fields.choice("StartingPosition", ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"])
        switch (name, time) {
        case ("TRIM_HORIZON", nil): self = .trimHorizon
        case ("LATEST", nil): self = .latest
        case ("AT_TIMESTAMP", let time?): self = .atTimestamp(time)
        case ("AT_TIMESTAMP", nil):
            throw ControlPlaneError.invalid("StartingPosition AT_TIMESTAMP needs StartingPositionTimestamp.")
        case (nil, _):
            throw ControlPlaneError.invalid("1 validation error detected: StartingPosition must not be null")
        default:
            throw ControlPlaneError.invalid(
                "StartingPositionTimestamp is for StartingPosition AT_TIMESTAMP only."
            )
        }
    }
}
