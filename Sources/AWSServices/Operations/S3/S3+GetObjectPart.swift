public import HTTPClient

extension S3 {
    /// Reads a part of an object, so that one of any size need not be held whole.
    public struct GetObjectPart: AWSOperation {
        public var place: Place
        /// Bytes of the object; not empty, and it begins before the object's end.
        public var range: Range<Int64>
        /// The object is only read while it has this tag.
        public var entityTag: String?
        public var versionID: String?
        public var timeout: Duration?

        public init(
            _ place: Place,
            range: Range<Int64>,
            entityTag: String? = nil,
            versionID: String? = nil,
            timeout: Duration? = nil
        ) {
            precondition(!range.isEmpty, "a part has at least one byte")
            self.place = place
            self.range = range
            self.entityTag = entityTag
            self.versionID = versionID
            self.timeout = timeout
        }

        public struct Part: Sendable, Hashable {
            public var body: [UInt8]
            /// Bytes of the whole object.
            public var totalBytes: Int64
        }

        public var service: AWSService { .s3 }
        public var name: String { "GetObject" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            var request = place.request("GET", location)
            if let versionID { request.query = [.init("versionId", versionID)] }
            request.fields.append(.init("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
            if let entityTag { request.fields.append(.init("If-Match", entityTag)) }
            return request
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Part {
            guard response.status == 206 else {
                // All of it, from a service that knows no parts.
                guard range.lowerBound == 0 else {
                    throw malformedAnswer("status \(response.status) for a part")
                }
                return Part(body: response.body, totalBytes: Int64(response.body.count))
            }
            guard let total = response["Content-Range"]?.split(separator: "/").last.flatMap({ Int64($0) })
            else {
                throw malformedAnswer("a part without the object's size")
            }
            return Part(body: response.body, totalBytes: total)
        }
    }
}
