import HTTPClient

extension S3 {
    /// Reads an object from a place in it to its end; one step of ``AWSClient/readObject(_:versionID:entityTag:maximumBytes:within:_:)``.
    struct PartialRead: AWSOperation {
        let place: Place
        let versionID: String?
        /// What the object must have from the first byte on.
        let expectedTag: String?
        let maximumBytes: Int64
        /// Bytes that have been read.
        var offset: Int64 = 0
        /// Of the object that they belong to.
        private(set) var entityTag: String?

        init(_ place: Place, versionID: String?, entityTag: String?, maximumBytes: Int64) {
            self.place = place
            self.versionID = versionID
            expectedTag = entityTag
            self.maximumBytes = maximumBytes
        }

        var service: AWSService { .s3 }
        var name: String { "GetObject" }
        var bucket: String? { place.bucket }

        func request(_ location: ServiceLocation) -> SignableRequest {
            var request = place.request("GET", location)
            if let versionID { request.query = [.init("versionId", versionID)] }
            if let tag = offset > 0 ? entityTag : expectedTag {
                request.fields.append(.init("If-Match", tag))
                if offset > 0 { request.fields.append(.init("Range", "bytes=\(offset)-")) }
            }
            return request
        }

        func answer(_ response: HTTPClient.Response) {}

        /// Looks at the head of an answer, of which nothing has been taken.
        ///
        /// - Throws: where the object is too large, or the answer begins elsewhere than was asked.
        mutating func begin(_ head: HTTPClient.Response) throws(AWSError) {
            guard head.status == (offset > 0 ? 206 : 200) else {
                throw malformedAnswer(
                    "status \(head.status), where the object from byte \(offset) on was asked for"
                )
            }
            let count = head["Content-Length"].flatMap { Int64($0) } ?? 0
            guard count <= maximumBytes - offset else {
                throw AWSError(
                    .refused,
                    "\(title): the object '\(place.key)' has \(offset + count) bytes, where \(maximumBytes) are the most"
                )
            }
            entityTag = head["ETag"]
        }
    }
}
