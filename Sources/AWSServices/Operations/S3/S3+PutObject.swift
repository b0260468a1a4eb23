public import HTTPClient

extension S3 {
    /// Writes an object whole, on a condition if there is one.
    ///
    /// A condition that is not met is an error with the code `conditionFailed`; somebody writing at the same time gives
    /// `conflict`, which is tried again. After an attempt whose answer was lost, `conditionFailed` may mean that the
    /// object was written by that very attempt.
    public struct PutObject: AWSOperation {
        public var place: Place
        public var body: [UInt8]
        public var condition: Condition?
        public var contentType: String
        /// What the object is to say of itself, by names in lower case; both in ASCII.
        public var metadata: [String: String]
        public var timeout: Duration?

        public init(
            _ place: Place,
            body: [UInt8],
            condition: Condition? = nil,
            contentType: String = "application/octet-stream",
            metadata: [String: String] = [:],
            timeout: Duration? = nil
        ) {
            self.place = place
            self.body = body
            self.condition = condition
            self.contentType = contentType
            self.metadata = metadata
            self.timeout = timeout
        }

        public struct Answer: Sendable, Hashable {
            /// With its quotation marks.
            public var entityTag: String
            /// Of a bucket with versions.
            public var versionID: String?
        }

        public var service: AWSService { .s3 }
        public var name: String { "PutObject" }
        public var bucket: String? { place.bucket }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            var fields = [HTTPClient.Field("Content-Type", contentType)]
            fields += metadata.sorted { $0.key < $1.key }.map { .init("x-amz-meta-\($0.key)", $0.value) }
            switch condition {
            case .absent: fields.append(.init("If-None-Match", "*"))
            case .unchanged(let tag): fields.append(.init("If-Match", tag))
            case nil: break
            }
            return place.request("PUT", location, fields: fields, body: body)
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            guard let tag = response["ETag"] else { throw malformedAnswer("no ETag in the answer") }
            return Answer(entityTag: tag, versionID: response["x-amz-version-id"])
        }
    }
}
