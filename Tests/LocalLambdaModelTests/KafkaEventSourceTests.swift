import LocalLambdaModel
import Testing

@Suite("Clusters of event sources")
struct KafkaEventSourceTests {
    @Test("have the name that stands in their ARN")
    func name() {
        let arn =
            "arn:aws:kafka:us-east-1:123456789012:cluster/demo-logs/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2"
        #expect(KafkaEventSource.msk(arn: arn).clusterName == "demo-logs")
        #expect(KafkaEventSource.selfManaged(servers: [arn]).clusterName == nil)
    }

    @Test(
        "have none where the text is no ARN of a cluster",
        arguments: [
            "", "demo", "arn:aws:kafka:us-east-1:123456789012:cluster/demo",
            "arn:aws:kafka:us-east-1:1:cluster/demo/1",
            "arn:aws:kafka:us-east-1:123456789012:cluster//1",
            "arn:aws:kafka:us-east-1:123456789012:topic/demo/1",
            "arn:aws:kinesis:us-east-1:123456789012:cluster/demo/1",
        ]
    )
    func noName(arn: String) {
        #expect(KafkaEventSource.clusterName(inARN: arn) == nil)
    }
}
