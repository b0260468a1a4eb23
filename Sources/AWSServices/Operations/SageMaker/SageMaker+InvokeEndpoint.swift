public import HTTPClient

extension SageMaker {
    /// Asks a model behind a SageMaker endpoint.
    ///
    /// Real-time endpoints take 6 MB and 60 seconds, serverless ones 4 MB.
    public struct InvokeEndpoint: AWSOperation {
        public var endpointName: String
        public var body: [UInt8]
        public var contentType: String
        public var accept: String
        /// Production variant to ask; nil leaves it to the endpoint.
        public var targetVariant: String?
        /// Model of a multi-model endpoint.
        public var targetModel: String?
        public var inferenceComponent: String?
        public var customAttributes: String?
        public var timeout: Duration? = .seconds(60)

        public init(
            endpointName: String,
            body: [UInt8],
            contentType: String = "application/json",
            accept: String = "application/json"
        ) {
            self.endpointName = endpointName
            self.body = body
            self.contentType = contentType
            self.accept = accept
        }

        public struct Answer: Sendable, Hashable {
            public var body: [UInt8]
            public var contentType: String?
            /// The production variant that answered.
            public var variant: String?
        }

        public var service: AWSService { .sageMakerRuntime }
        public var name: String { "InvokeEndpoint" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            var fields = [HTTPClient.Field("Content-Type", contentType), .init("Accept", accept)]
            let more = [
                ("Target-Variant", targetVariant), ("Target-Model", targetModel),
                ("Inference-Component", inferenceComponent), ("Custom-Attributes", customAttributes),
            ]
            for case (let name, let value?) in more {
                fields.append(.init("X-Amzn-SageMaker-\(name)", value))
            }
            return SignableRequest(
                "POST",
                location.endpoint,
                path: "/endpoints/\(PercentEncoding.encoded(endpointName))/invocations",
                fields: fields,
                body: body
            )
        }

        public func answer(_ response: HTTPClient.Response) -> Answer {
            Answer(
                body: response.body,
                contentType: response["Content-Type"],
                variant: response["x-Amzn-Invoked-Production-Variant"]
            )
        }
    }
}
