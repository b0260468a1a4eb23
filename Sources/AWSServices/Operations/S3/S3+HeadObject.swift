public import HTTPClient

extension S3 {
    /// Asks what an object says of itself, without reading it.
    public struct HeadObject: AWSOperation {
        public var place: Place
        /// What the object may say, by names in lower case.
        public var metadataNames: [String]

        public init(_ place: Place, metadataNames: [String] = []) {
            self.place = place
            self.metadataNames = metadataNames
        }

        public struct Answer: Sendable, Hashable {
            /// With its quotation marks.
            public var entityTag: String
            /// Of the names that were asked for, those that the object has.
            public var metadata: [String: String]
        }

        public var service: AWSService { .s3 }
        public var name: String { "HeadObject" }
        public var bucket: String? { place.bucket }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            place.request("HEAD", location)
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            guard let tag = response["ETag"] else { throw malformedAnswer("no ETag in the answer") }
            var metadata: [String: String] = [:]
            for name in metadataNames { metadata[name] = response["x-amz-meta-\(name)"] }
            return Answer(entityTag: tag, metadata: metadata)
        }
    }
}
