import AWSServices
import HTTPServer

/// Finds out which service of AWS a request is for, as all of them come to one port.
enum RequestedService {
    /// The name that signatures have for it (`dynamodb`, `sns`, `monitoring`); nil where the request does not say.
    ///
    /// In this order: the scope of the signature, the operation's name in `X-Amz-Target`, the name of the host.
    static func name(of request: HTTPRequest) -> String? {
        if let authorization = request.headers["Authorization"],
            let scope = SignatureScope(authorization: authorization)
        {
            return scope.service
        }
        if let scope = request.query("X-Amz-Credential").flatMap({ SignatureScope($0) }) {
            return scope.service
        }
        if let target = request.headers["X-Amz-Target"] {
            let prefix = String(target.prefix { $0 != "." && $0 != "_" })
            if let name = targets[prefix] { return name }
        }
        guard let host = request.headers["Host"], host.contains(".amazonaws.com") else { return nil }
        return host.split(separator: ".").first.map(String.init)
    }

    /// By the beginning of `X-Amz-Target`.
    private static let targets = [
        "AWSEvents": "events", "AmazonSQS": "sqs", "AmazonSSM": "ssm",
        "AmazonSimpleNotificationService": "sns",
        "DynamoDB": "dynamodb", "DynamoDBStreams": "dynamodb", "Firehose": "firehose",
        "GraniteServiceVersion20100801": "monitoring", "Kinesis": "kinesis", "Logs": "logs",
        "secretsmanager": "secretsmanager", "TrentService": "kms", "AWSStepFunctions": "states",
    ]
}
