import AWSServices
import LambdaFunction
import LambdaRuntime

/// Reads objects of S3 part by part.
final class S3ObjectReader: ObjectReader {
    private let client: AWSClient

    /// Bytes of a part: a quarter of what an answer may have.
    private static let partBytes: Int64 = 4 << 20

    init(_ client: AWSClient) {
        self.client = client
    }

    func read(_ object: S3Event.Object, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        var total = object.size
        var start: Int64 = 0
        while start < total {
            let part = try client.send(
                S3.GetObjectPart(
                    S3.Place(bucket: object.bucket, key: object.key),
                    range: start..<start + Self.partBytes,
                    // An object that was written over since is read by its own event.
                    entityTag: object.eTag.isEmpty ? nil : "\"\(object.eTag)\"",
                    versionID: object.versionID
                )
            )
            guard !part.body.isEmpty else { return }
            try part.body.withUnsafeBufferPointer(body)
            start += Int64(part.body.count)
            total = part.totalBytes
        }
    }
}
