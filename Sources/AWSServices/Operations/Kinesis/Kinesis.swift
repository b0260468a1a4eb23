/// Calls of Kinesis Data Streams (JSON 1.1).
public enum Kinesis {
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
        var byteCount: Int { data.count + partitionKey.utf8.count }
    }
}
