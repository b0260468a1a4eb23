public import HTTPClient

extension S3 {
    /// Reads an object whole; one larger than the client's bound on answers is an error.
    public struct GetObject: AWSOperation {
        public var place: Place
        /// The object is only read when its tag is another: the answer is nil for the same.
        public var unlessEntityTag: String?
        public var versionID: String?
        public var timeout: Duration?

        public init(
            _ place: Place,
            unlessEntityTag: String? = nil,
            versionID: String? = nil,
            timeout: Duration? = nil
        ) {
            self.place = place
            self.unlessEntityTag = unlessEntityTag
            self.versionID = versionID
            self.timeout = timeout
        }

        /// An object as it was read.
        public struct Object: Sendable, Hashable {
            public var body: [UInt8]
            /// With its quotation marks.
            public var entityTag: String?
            public var versionID: String?
        }

        public var service: AWSService { .s3 }
        public var name: String { "GetObject" }
        public var bucket: String? { place.bucket }
        public var otherSuccess: Int? { unlessEntityTag == nil ? nil : 304 }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            var request = place.request("GET", location)
            if let versionID { request.query = [.init("versionId", versionID)] }
            if let unlessEntityTag { request.fields.append(.init("If-None-Match", unlessEntityTag)) }
            return request
        }

        public func answer(_ response: HTTPClient.Response) -> Object? {
            guard response.status != 304 else { return nil }
            return Object(
                body: response.body,
                entityTag: response["ETag"],
                versionID: response["x-amz-version-id"]
            )
        }
    }
}
