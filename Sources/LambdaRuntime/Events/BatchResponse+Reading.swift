import JSONText

extension BatchResponse {
    /// Reads what a function answered to a Kafka event, as event source mappings do: an answer of another form, null, and a
    /// list that is null or missing name no record; then all succeeded.
    ///
    /// A partition's name is `partition`; `topic-partition`, as AWS's documentation had it before, is taken too.
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
            let identifier = item["itemIdentifier"]
            guard let partition = (identifier?["partition"] ?? identifier?["topic-partition"])?.string,
                let offset = identifier?["offset"]?.integer
            else {
                throw EventError(
                    .malformed,
                    "the function's answer names a failed record without partition and offset"
                )
            }
            failures.append(.kafka(partition: partition, offset: offset))
        }
    }
}
