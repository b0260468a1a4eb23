public import JSONText

extension BatchResponse {
    /// Reads what a function answered to a Kafka event, as event source mappings do: an answer of another form, null, and a
    /// list that is null or missing name no record; then all succeeded.
    ///
    /// - Throws: where the answer is no JSON, or an item names no record at all: then none counts as done.
    public init(kafka answer: [UInt8]) throws(EventError) {
        self.init()
        guard !answer.isEmpty else { return }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(answer)
        } catch {
            throw EventError(.malformed, "the function's answer is malformed: \(error.message)")
        }
        for item in json["batchItemFailures"]?.array ?? [] {
            guard let failure = Item(kafka: item) else {
                throw EventError(
                    .malformed,
                    "the function's answer names a failed record without partition and offset"
                )
            }
            failures.append(failure)
        }
    }
}

extension BatchResponse.Item {
    /// Reads an item of the answer to a Kafka event; nil where it does not name partition and offset.
    ///
    /// The partition is `partition`; `topic-partition`, as AWS's documentation had it before, is taken too.
    public init?(kafka item: JSONValue) {
        let identifier = item["itemIdentifier"]
        guard let partition = (identifier?["partition"] ?? identifier?["topic-partition"])?.string,
            let offset = identifier?["offset"]?.integer
        else { return nil }
        self = .kafka(partition: partition, offset: offset)
    }
}
