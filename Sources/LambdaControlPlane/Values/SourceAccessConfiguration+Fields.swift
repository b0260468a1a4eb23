import LocalLambdaModel

extension SourceAccessConfiguration {
    /// Reads `SourceAccessConfigurations` of a mapping of this source.
    static func list(
        _ elements: [RequestFields],
        of source: KafkaEventSource
    ) throws(ControlPlaneError) -> [SourceAccessConfiguration] {
        guard elements.count <= limit else {
            throw .invalid(
                "A mapping may have \(limit) source access configurations at most; there are \(elements.count)."
            )
        }
        var list: [SourceAccessConfiguration] = []
        for element in elements { list.append(try SourceAccessConfiguration(element)) }
        let logins = list.map(\.type).filter(Self.logins.contains)
        guard logins.count <= 1 else {
            throw .invalid(
                "A mapping logs in in one way; there are \(logins.joined(separator: " and "))."
            )
        }
        if source.clusterName != nil, let login = logins.first, !loginsOfMSK.contains(login) {
            throw .invalid(
                "\(login) is for self-managed Apache Kafka. Amazon MSK has \(loginsOfMSK.joined(separator: ", "))."
            )
        }
        return list
    }

    private init(_ fields: RequestFields) throws(ControlPlaneError) {
        guard let type = try fields.string("Type"), let uri = try fields.string("URI", 1...200) else {
            throw .invalid("A source access configuration has a Type and a URI.")
        }
        let types = Self.logins + Self.others
        guard types.contains(type) else {
            throw .invalid(
                "The source access configuration \(type) is not supported by this local Lambda; it has "
                    + types.joined(separator: ", ") + "."
            )
        }
        self.init(type: type, uri: uri)
    }

    /// Of one mapping at most, by the service's model.
    private static let limit = 23

    private static let logins = [
        "BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH", "SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH",
    ]
    /// Source: `SourceAccessConfiguration` in AWS's Lambda API Reference.
    private static let loginsOfMSK = ["CLIENT_CERTIFICATE_TLS_AUTH", "SASL_SCRAM_512_AUTH"]
    /// An authority, which MSK does not need on AWS but here, and parts of networks, which mean nothing here.
    private static let others = ["SERVER_ROOT_CA_CERTIFICATE", "VPC_SECURITY_GROUP", "VPC_SUBNET"]
}
