public import AWSServices
public import DetectionPipeline

/// Objects in an S3 bucket, written by compare-and-swap: with `If-None-Match` where there is none yet, with `If-Match`
/// over a version.
///
/// S3 answers a lost race with 412, and a race that goes on with 409, which is tried again. An answer may be lost while
/// its request was done; then S3 finds the tag changed by that very request. So a 412 counts as lost only where other
/// bytes are there.
public final class S3Storage: VersionedStorage {
    private let client: AWSClient
    private let bucket: String
    private let prefix: String

    /// - Parameter prefix: of all keys; ends with a slash, or is empty.
    public init(_ client: AWSClient, bucket: String, prefix: String = "") {
        self.client = client
        self.bucket = bucket
        self.prefix = prefix
    }

    public func read(_ key: String, unless version: ObjectVersion?) throws -> ObjectReading {
        do throws(AWSError) {
            let call = S3.GetObject(place(key), unlessEntityTag: version?.tag)
            guard let object = try client.send(call) else { return .unchanged }
            guard let tag = object.entityTag else {
                throw AWSError(.invalidAnswer, "s3 GetObject: no ETag in the answer")
            }
            return .found(object.body, ObjectVersion(tag))
        } catch {
            guard error.code == .notFound, error.errorCode != "NoSuchBucket" else { throw error }
            return .absent
        }
    }

    public func write(_ key: String, _ bytes: [UInt8], over version: ObjectVersion?) throws -> ObjectVersion?
    {
        let condition = version.map { S3.Condition.unchanged(entityTag: $0.tag) } ?? .absent
        do throws(AWSError) {
            let call = S3.PutObject(place(key), body: bytes, condition: condition)
            return ObjectVersion(try client.send(call).entityTag)
        } catch {
            // Where the object to be written over is no more, S3 says that it is not found.
            let isGone = error.code == .notFound && error.errorCode != "NoSuchBucket"
            guard error.code == .conditionFailed || isGone else { throw error }
            guard case .found(let present, let newest) = try read(key, unless: nil), present == bytes else {
                return nil
            }
            return newest
        }
    }

    private func place(_ key: String) -> S3.Place { S3.Place(bucket: bucket, key: prefix + key) }
}
