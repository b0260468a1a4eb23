public import DetectionPipeline
public import HTTPClient

/// An HTTP endpoint that takes records in batches (docs/FORWARD.md).
///
/// A 2xx answer acknowledges a batch. What the endpoint says otherwise of trying again is in
/// `HTTPRefusal`.
public final class HTTPTarget: ForwardTarget {
    public let limits: BatchLimits
    private let client: HTTPClient
    private let url: String
    private let form: HTTPBatchForm
    private let fields: [HTTPClient.Field]

    /// - Parameter fields: sent with every request, such as `Authorization`.
    public init(
        _ client: HTTPClient,
        url: String,
        form: HTTPBatchForm = .lines,
        fields: [HTTPClient.Field] = [],
        limits: BatchLimits = BatchLimits()
    ) {
        self.client = client
        self.url = url
        self.form = form
        self.fields = fields
        self.limits = limits
    }

    public var name: String { "HTTP endpoint" }

    public func send(_ batch: RecordBatch) throws {
        let request = HTTPClient.Request(
            "POST",
            url,
            fields: [
                .init("Content-Type", form.contentType),
                .init("User-Agent", "timberline"),
                .init("Idempotency-Key", batch.identityRange),
            ] + fields,
            body: form.body(batch)
        )
        do {
            let answer = try client.send(request)
            if let refusal = HTTPRefusal(answer) { throw refusal }
        } catch let error as HTTPClientError {
            // What a 2xx answer says is of no interest, however much it is.
            if error.code == .responseTooLarge, error.status.map({ 200..<300 ~= $0 }) ?? false { return }
            throw error
        }
    }
}

extension HTTPClientError: ClassifiedError {
    public var failureKind: FailureKind { isRetriable ? .transient : .permanent }
}
