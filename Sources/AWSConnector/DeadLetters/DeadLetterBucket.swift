public import AWSServices
import BinaryCoding
public import DetectionPipeline

/// Dead letters as objects of an S3 bucket, whole: one object for each call, a line of `DeadLetterJSON` for each letter.
///
/// The key follows from the letters, `PREFIX<topic>/<partition>/<first offset>-<hash>.jsonl`: storing them again changes
/// nothing.
public final class DeadLetterBucket: DeadLetterSink {
    private let client: AWSClient
    private let bucket: String
    private let prefix: String

    /// - Parameter prefix: of all keys; ends with a slash, or is empty.
    public init(_ client: AWSClient, bucket: String, prefix: String = "") {
        self.client = client
        self.bucket = bucket
        self.prefix = prefix
    }

    public func store(_ letters: [DeadLetter]) throws {
        guard let first = letters.first?.identity else { return }
        let identities = letters.map(\.identity.description).joined(separator: "\n")
        let hash = String(stableHash(identities.utf8), radix: 16)
        let key = "\(prefix)\(first.stream.name)/\(first.stream.partition)/\(first.offset)-\(hash).jsonl"
        let body = letters.map { DeadLetterJSON.line($0) + "\n" }.joined()
        let call = S3.PutObject(
            S3.Place(bucket: bucket, key: key),
            body: Array(body.utf8),
            contentType: "application/x-ndjson"
        )
        _ = try client.send(call)
    }
}
