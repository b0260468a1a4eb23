public import HTTPClient
import JSONText
import Telemetry

extension Kinesis {
    /// Puts up to 500 records. ``AWSClient/putRecords(_:into:within:)`` splits, and puts again what was not taken.
    public struct PutRecords: AWSOperation {
        /// A name, or a whole ARN.
        public var stream: String
        /// 500 at most, 5 MiB together.
        public var records: [Record]

        public init(stream: String, records: [Record]) {
            self.stream = stream
            self.records = records
        }

        public struct Answer: Sendable, Hashable {
            /// Why records were not taken, by their positions in `records`.
            public var failures: [Int: AWSError]
        }

        public var service: AWSService { .kinesis }
        public var name: String { "PutRecords" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            location.jsonCall(.version11, "Kinesis_20131202.PutRecords") { json in
                json.string(stream.hasPrefix("arn:") ? "StreamARN" : "StreamName", stream)
                json.array("Records") { json in
                    for record in records {
                        json.object { json in
                            json.string("Data", String(decoding: Base64.encode(record.data), as: UTF8.self))
                            json.string("PartitionKey", record.partitionKey)
                        }
                    }
                }
            }
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            let entries = try json(response)["Records"]?.array ?? []
            guard entries.count == records.count else {
                throw malformedAnswer("it does not say of each record whether it was taken")
            }
            var failures: [Int: AWSError] = [:]
            for (position, entry) in entries.enumerated() {
                guard let code = entry["ErrorCode"]?.string else { continue }
                failures[position] = AWSError(
                    entry: title,
                    code: code,
                    message: entry["ErrorMessage"]?.string,
                    isSendersFault: false
                )
            }
            return Answer(failures: failures)
        }
    }
}
