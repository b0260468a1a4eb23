import LambdaRuntime
import Testing

@Suite("Answers to Kafka events")
struct BatchResponseTests {
    @Test(
        "without a named record all succeeded",
        arguments: [
            "", "null", "{}", "[]", #""ok""#, "7", #"{"statusCode":200}"#, #"{"batchItemFailures":null}"#,
            #"{"batchItemFailures":[]}"#,
        ]
    )
    func success(answer: String) throws {
        #expect(try BatchResponse(kafka: Array(answer.utf8)).failures.isEmpty)
    }

    @Test("name records in both spellings, and read back as they were written")
    func items() throws {
        let both = #"""
            {"batchItemFailures":[{"itemIdentifier":{"partition":"a-b-0","offset":9007199254740993}},
             {"itemIdentifier":{"offset":7,"topic-partition":"a-b-1"}}]}
            """#
        let response = try BatchResponse(kafka: Array(both.utf8))
        #expect(
            response.failures == [
                .kafka(partition: "a-b-0", offset: 9_007_199_254_740_993),
                .kafka(partition: "a-b-1", offset: 7),
            ]
        )
        #expect(try BatchResponse(kafka: response.json) == response)
    }

    @Test(
        "that cannot be understood are errors: nothing counts as done",
        arguments: [
            "Task timed out after 3.00 seconds", "{", #"{"batchItemFailures":[{}]}"#,
            #"{"batchItemFailures":[{"itemIdentifier":"t-0-7"}]}"#,
            #"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            #"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
            #"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0"}}]}"#,
            #"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":"7"}}]}"#,
        ]
    )
    func malformed(answer: String) {
        #expect(throws: EventError.self) { try BatchResponse(kafka: Array(answer.utf8)) }
    }
}
