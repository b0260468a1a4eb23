/// Calls of S3, Amazon's objects (XML).
public enum S3 {
    /// When an object may be written.
    public enum Condition: Sendable, Hashable {
        /// No object has the key yet (`If-None-Match: *`).
        case absent
        /// The object has still this tag (`If-Match`).
        case unchanged(entityTag: String)
    }

    /// Where an object is.
    public struct Place: Sendable, Hashable {
        public var bucket: String
        public var key: String

        public init(bucket: String, key: String) {
            self.bucket = bucket
            self.key = key
        }
    }
}
