import DetectionPipeline
import KafkaClient
import LocalLambdaModel

/// What a mapping's `LastProcessingResult` says.
///
/// Source: AWS Lambda Developer Guide, "Troubleshooting Kafka event source mapping errors", and the answers in its
/// examples. Where Lambda has no words for it, the problem's own message follows `PROBLEM: `.
struct ProcessingResult: Sendable, Hashable {
    var text: String

    static let none = Self(text: "No records processed")
    static let ok = Self(text: "OK")
    static let functionFailed = Self(text: "PROBLEM: Function call failed")
    static let notConnected = Self(
        text: "PROBLEM: Connection error. Please check your event source connection configuration."
    )

    init(text: String) {
        self.text = text
    }

    init(_ error: any Error) {
        switch error {
        case let partial as PartialSend: self.init(partial.cause)
        case is FunctionFailure: self = .functionFailed
        case let error as KafkaError: self.init(error)
        default: self.init(text: "PROBLEM: \(error)")
        }
    }

    private init(_ error: KafkaError) {
        switch error.code {
        case .noBrokerAnswers, .allBrokersDown, .transport, .timedOut:
            self.init(text: "\(Self.notConnected.text) \(error)")
        case .authentication, .scramRefused: self.init(text: "PROBLEM: SASL authentication failed. \(error)")
        case .certificateRefused: self.init(text: "PROBLEM: Server failed to authenticate Lambda. \(error)")
        case .tls: self.init(text: "PROBLEM: Lambda failed to authenticate server. \(error)")
        // Certificates and keys are properties of librdkafka's, `ssl.key.pem` and the like.
        case .invalidProperty where error.message.contains(".pem"):
            self.init(text: "PROBLEM: Provided certificate or private key is invalid. \(error)")
        case let code where code.name.hasSuffix("AUTHORIZATION_FAILED"):
            self.init(text: "PROBLEM: Cluster failed to authorize Lambda. \(error)")
        default: self.init(text: "PROBLEM: \(error)")
        }
    }
}
