import Configuration
import Testing

@Suite struct ComparisonTests {
    typealias S = RunSettings

    private func resolve(_ yaml: String, _ environment: [String: String] = [:]) throws
        -> EffectiveConfiguration
    {
        try S.resolve(yaml, environment: environment, readFile: SecretTests.readFile)
    }

    @Test("the same values are the same, wherever they come from")
    func same() throws {
        let first = try resolve("kafka: {brokers: [a, b], group: g}\nbatch: {size: 10}")
        let second = try resolve(
            "kafka: {brokers: [a, b]}",
            ["TIMBERLINE_KAFKA_GROUP": "g", "TIMBERLINE_BATCH_SIZE": "10"]
        )
        #expect(first.changedKeys(in: second) == [])
        #expect(second.changedKeys(in: first) == [])
    }

    @Test("names what changed: values, lists, maps, secrets, what was not given")
    func changed() throws {
        let first = try resolve(
            "kafka: {brokers: [a, b], properties: {client.id: x}}\nalerts: {token: hunter2}\nbatch: {window: 1s}"
        )
        let second = try resolve(
            "kafka: {brokers: [b, a], group: g, properties: {client.rack: x}}\nbatch: {window: 1000ms}"
        )
        #expect(
            first.changedKeys(in: second) == [
                "kafka.brokers", "kafka.group", "kafka.properties", S.token.declaration.key,
            ]
        )
        let other = try resolve(
            "kafka: {brokers: [a, b], properties: {client.id: x}}\nalerts: {token: hunter3}\nbatch: {window: 1s}"
        )
        #expect(first.changedKeys(in: other) == [S.token.declaration.key])
    }
}
