/// A service of AWS: where it is and how its requests are signed.
public struct AWSService: Sendable, Hashable {
    /// As in `AWS_ENDPOINT_URL_<SERVICE>` and in a profile's services section, in lower case: `sagemaker_runtime`.
    let identifier: String
    /// The beginning of its host's name: `runtime.sagemaker`.
    let endpointPrefix: String
    /// In signatures: `sagemaker`.
    let signingName: String

    static let dynamoDB = AWSService("dynamodb")
    static let kinesis = AWSService("kinesis")
    static let lambda = AWSService("lambda")
    static let s3 = AWSService("s3")
    static let sageMakerRuntime = AWSService(
        "sagemaker_runtime",
        endpointPrefix: "runtime.sagemaker",
        signingName: "sagemaker"
    )
    static let sns = AWSService("sns")
    static let sqs = AWSService("sqs")
    static let sts = AWSService("sts")

    private init(_ identifier: String, endpointPrefix: String? = nil, signingName: String? = nil) {
        self.identifier = identifier
        self.endpointPrefix = endpointPrefix ?? identifier
        self.signingName = signingName ?? identifier
    }

    func signer(region: String) -> RequestSigner {
        let isS3 = self == .s3
        return RequestSigner(
            service: signingName,
            region: region,
            pathRule: isS3 ? .asSent : .normalized,
            sendsBodyDigest: isS3
        )
    }
}
