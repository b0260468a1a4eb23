import HTTPClient
import JSONText

/// What a service says in an answer that is no success.
struct ServiceFault {
    /// Without namespace: `ResourceNotFoundException`.
    let code: String?
    let message: String?
    let requestID: String?
    /// What a model behind SageMaker answered itself.
    private(set) var originalStatus: Int64?

    init(_ answer: HTTPClient.Response) {
        requestID = answer["x-amzn-RequestId"] ?? answer["x-amz-request-id"]
        var code = answer["x-amzn-ErrorType"]
        var message: String?
        if let json = try? JSONValue(answer.body), case .object = json {
            code = code ?? (json["__type"] ?? json["code"] ?? json["Code"])?.string
            message = (json["OriginalMessage"] ?? json["message"] ?? json["Message"])?.string
            originalStatus = json["OriginalStatusCode"]?.integer
        } else if let xml = XMLElement(answer.body) {
            let error = xml.firstDescendant("Error") ?? xml
            code = code ?? error.firstDescendant("Code")?.text
            message = error.firstDescendant("Message")?.text
        }
        self.code = code.flatMap(Self.plain)
        self.message = message
    }

    /// `com.amazonaws.dynamodb.v20120810#Name:http://…` and `Name;Sender` become `Name`.
    private static func plain(_ code: String) -> String? {
        let behind = code.split(separator: "#").last ?? ""
        let name = behind.prefix { $0 != ":" && $0 != ";" }
        return name.isEmpty ? nil : String(name)
    }
}

extension AWSError {
    /// - Parameter call: `dynamodb PutItem`, say.
    init(_ answer: HTTPClient.Response, _ call: String) {
        let fault = ServiceFault(answer)
        let code = Self.code(fault.code, Int(fault.originalStatus ?? Int64(answer.status)))
        var words = [call + ":", fault.code ?? "answered \(answer.status)"]
        if let message = fault.message, !message.isEmpty { words.append("(\(message.prefix(300)))") }
        if answer.status == 301 || fault.code == "AuthorizationHeaderMalformed" {
            if let region = answer["x-amz-bucket-region"] { words.append("the bucket is in \(region)") }
        }
        self.init(
            code,
            words.joined(separator: " "),
            errorCode: fault.code,
            status: answer.status,
            requestID: fault.requestID,
            isRetriable: [.throttled, .serverFault, .timedOut, .conflict].contains(code),
            // The other form, a date, is left to the backoff.
            retryAfter: answer["Retry-After"].flatMap { Int64($0) }.flatMap { $0 >= 0 ? .seconds($0) : nil }
        )
    }

    /// Of one entry of a batch, in an answer that is a success.
    ///
    /// - Parameters:
    ///   - call: `sqs SendMessageBatch`, say.
    ///   - isSendersFault: whether the same entry would be refused again.
    init(entry call: String, code name: String?, message: String?, isSendersFault: Bool) {
        let known = Self.code(name, 200)
        let code: Code = known != .refused ? known : isSendersFault ? .refused : .serverFault
        let words = [
            "\(call): an entry failed:", name ?? "no reason given", message.map { "(\($0.prefix(300)))" },
        ]
        self.init(
            code,
            words.compactMap { $0 }.joined(separator: " "),
            errorCode: name,
            isRetriable: !isSendersFault
        )
    }

    /// Names by which services ask for fewer calls. Source: "Retry behavior", AWS SDKs and Tools Reference Guide.
    private static let throttling: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled",
        "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException", "KMSThrottlingException",
        "ModelNotReadyException",
    ]

    private static let denied: Set<String> = [
        "AccessDenied", "AccessDeniedException", "AuthorizationError", "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSignatureException",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "RequestExpired",
        "RequestTimeTooSkewed", "SignatureDoesNotMatch", "UnrecognizedClientException",
    ]

    private static func code(_ name: String?, _ status: Int) -> Code {
        switch (name ?? "", status) {
        case (let name, _) where throttling.contains(name): .throttled
        case ("RequestTimeout", _), ("RequestTimeoutException", _): .timedOut
        case ("ConditionalCheckFailedException", _), ("PreconditionFailed", _), (_, 412): .conditionFailed
        case ("ConditionalRequestConflict", _), ("OperationAborted", _), ("TransactionConflictException", _):
            .conflict
        case (let name, _) where denied.contains(name): .accessDenied
        case ("ResourceNotFoundException", _), ("NoSuchKey", _), ("NoSuchBucket", _), ("NotFound", _),
            ("QueueDoesNotExist", _), (_, 404):
            .notFound
        case (_, 429), (_, 509): .throttled
        case (_, 401), (_, 403): .accessDenied
        case (_, 500...): .serverFault
        default: .refused
        }
    }
}
