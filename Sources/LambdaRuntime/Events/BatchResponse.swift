import Telemetry

/// Which items of a batch failed and are to be given again, in the form of the source.
///
/// It counts only where the mapping has `FunctionResponseTypes: [ReportBatchItemFailures]`. Without items all succeeded.
public struct BatchResponse: Sendable, Hashable {
    /// Names one item in the answer.
    public enum Item: Sendable, Hashable {
        /// A message by its id, or a record of a Kinesis stream by its sequence number, with all behind it.
        case identifier(String)
        /// A record of a partition, by the event's name of it, with all behind it.
        case kafka(partition: String, offset: Int64)
    }

    public var failures: [Item]

    public init(failures: [Item] = []) {
        self.failures = failures
    }

    public var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.array("batchItemFailures") { json in
                for failure in failures {
                    json.object { json in
                        switch failure {
                        case .identifier(let identifier): json.string("itemIdentifier", identifier)
                        case .kafka(let partition, let offset):
                            json.object("itemIdentifier") { json in
                                json.string("partition", partition)
                                json.integer("offset", offset)
                            }
                        }
                    }
                }
            }
        }
        return Array(json.text.utf8)
    }
}
