/// Calls of Kinesis Data Streams (JSON 1.1).
public enum Kinesis {
    /// Records that PutRecords takes at most. Source: "PutRecords", Amazon Kinesis Data Streams API Reference.
    public static let recordLimit = 500
    /// Bytes of all records of a call together. Streams may be set to take more.
    public static let callByteLimit = 5 << 20
    /// Bytes of one record with its key. Streams may be set to take more.
    public static let recordByteLimit = 1 << 20

    /// A record to put into a stream.
    public struct Record: Sendable, Hashable {
        public var data: [UInt8]
        /// Chooses the shard: 1 to 256 characters.
        public var partitionKey: String

        public init(data: [UInt8], partitionKey: String) {
            self.data = data
            self.partitionKey = partitionKey
        }

        /// Bytes as Kinesis counts them.
        public var byteCount: Int { data.count + partitionKey.utf8.count }
    }
}
