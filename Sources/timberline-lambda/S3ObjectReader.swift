import AWSServices
import LambdaFunction
import LambdaRuntime

/// Reads objects of S3 part by part.
final class S3ObjectReader: ObjectReader {
    private let client: AWSClient

    init(_ client: AWSClient) {
        self.client = client
    }

    func read(_ object: S3Event.Object, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        guard object.size > 0 else { return }
        try client.readObject(
            S3.Place(bucket: object.bucket, key: object.key),
            versionID: object.versionID,
            // An object that was written over since is read by its own event.
            entityTag: object.eTag.isEmpty ? nil : "\"\(object.eTag)\""
        ) { part in
            try part.withMemoryRebound(to: UInt8.self, body)
        }
    }
}
