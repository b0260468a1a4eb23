public import AWSServices
public import DetectionPipeline

/// A model behind a SageMaker endpoint: SageMaker's own random cut forest, or any container that answers as it does.
///
/// Rows go out many in a call. What the endpoint says of the address, of the login, or of its own state holds the rows
/// back until it is mended; what the model itself refuses (424 with an original status of 4xx) is laid to the rows.
public final class SageMakerScorer: RowScorer {
    /// The bounds of the calls.
    public struct Settings: Sendable, Hashable {
        public var endpointName: String
        public var form = SageMakerRequestForm.json
        /// Rows in a call, at most.
        public var rowLimit = 500
        /// Bytes of a request, at most. Real-time endpoints take 6 MB, serverless ones 4 MB.
        public var byteLimit = 4_000_000
        /// Calls under way at once.
        public var concurrency = 4
        /// Of one try of a call.
        public var timeout: Duration = .seconds(30)

        public init(endpointName: String) {
            self.endpointName = endpointName
        }
    }

    private let client: AWSClient
    private let settings: Settings

    public init(_ client: AWSClient, _ settings: Settings) {
        self.client = client
        self.settings = settings
    }

    public var name: String { "sagemaker:\(settings.endpointName)" }
    public var concurrency: Int { settings.concurrency }

    public func callSize(_ rows: ArraySlice<[Double]>) -> Int {
        let rowBytes = settings.form.byteLimit(valueCount: rows.first?.count ?? 0)
        return max(1, min(rows.count, settings.rowLimit, (settings.byteLimit - 32) / rowBytes))
    }

    public func score(_ rows: ArraySlice<[Double]>) throws -> [Double] {
        var call = SageMaker.InvokeEndpoint(
            endpointName: settings.endpointName,
            body: settings.form.body(rows),
            contentType: settings.form.contentType
        )
        call.timeout = settings.timeout
        do {
            return try SageMakerAnswer.scores(client.send(call).body, count: rows.count)
        } catch let error as AWSError where error.code == .refused && !Self.isOfModel(error) {
            throw ScorerError(.transient, error.message)
        }
    }

    /// Whether the model said it, and not the service in front of it. A body that is too large is the rows' doing too.
    private static func isOfModel(_ error: AWSError) -> Bool { error.status == 424 || error.status == 413 }
}
