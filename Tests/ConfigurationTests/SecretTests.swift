import Configuration
import Testing

@Suite struct SecretTests {
    typealias S = RunSettings

    static let yaml = """
        kafka:
          group: {env: GROUP}
          properties:
            sasl.password: hunter2
            ssl.key.password: {file: /run/secrets/key}
            metadata.url: https://me:hunter2@host/path
            client.id: {env: CLIENT}
        alerts:
          token: hunter2
        """

    static let environment = ["GROUP": "hunter2", "CLIENT": "hunter2", "TIMBERLINE_KAFKA_BROKERS": "b"]

    static let readFile: @Sendable (String) throws(FileReadError) -> [UInt8] = { path throws(FileReadError) in
        guard path == "/run/secrets/key" else { throw FileReadError(message: "no such file") }
        return Array("hunter2\n".utf8)
    }

    @Test("reads values through env and file references, without the last line break")
    func references() throws {
        let result = try S.resolve(Self.yaml, environment: Self.environment, readFile: Self.readFile)
        #expect(result[S.group] == "hunter2")
        #expect(result[S.properties]["ssl.key.password"] == "hunter2")
        #expect(result[S.properties]["client.id"] == "hunter2")
        #expect(result[S.token] == "hunter2")
    }

    @Test("prints no secret, wherever it comes from")
    func printing() throws {
        let result = try S.resolve(Self.yaml, environment: Self.environment, readFile: Self.readFile)
        #expect(!result.table.contains("hunter2"), "\(result.table)")
        #expect(!"\(result[S.properties])".contains("hunter2"))
        #expect(!result.entries.map(\.text).joined().contains("hunter2"))
        #expect(result.table.contains("https://me:********@host/path"))
        #expect(result.entries.filter(\.isSecret).count == 5)
    }

    @Test("errors about secrets do not hold them")
    func errors() {
        let yaml = """
            batch: {size: {env: NUMBER}, window: {file: /run/secrets/absent}}
            kafka: {start: {env: START}, group: {env: UNSET}, properties: {a: {env: }, b: {file: relative}}}
            alerts: {token: [hunter2], tokn: hunter2}
            """
        let environment = ["NUMBER": "hunter2", "START": "hunter2", "TIMBERLINE_KAFKA_BROKERS": "b"]
        let errors = RunSettings.errors(yaml, environment: environment)
        #expect(!errors.joined().contains("hunter2"), "\(errors)")
        #expect(errors.count == 8, "\(errors)")
        #expect(errors.contains("t.yaml:1:15: batch.size: the value (not shown) is not an integer"))
        #expect(errors.contains("t.yaml:2:43: kafka.group: the environment variable 'UNSET' is not set"))
    }

    @Test("nothing is substituted within a text")
    func noSubstitution() throws {
        let result = try S.resolve("kafka: {group: '${HOME}-$HOME'}")
        #expect(result[S.group] == "${HOME}-$HOME")
    }

    @Test("a reference without a name is refused")
    func emptyReference() {
        #expect(
            RunSettings.errors("kafka: {group: {env: }}") == [
                "t.yaml:1:22: kafka.group: {env: …} needs a name"
            ]
        )
    }

    @Test(
        "knows a secret by its key",
        arguments: [
            "sasl.password", "ssl.key.password", "sasl.oauthbearer.client.secret", "apiKey", "api_key",
            "TOKEN",
            "aws.secret.access.key", "sasl.jaas.config", "ssl.key.pem", "credentials",
        ]
    )
    func names(key: String) {
        #expect(SecretKeys.contains(key))
    }

    @Test(
        "does not hide ordinary keys",
        arguments: ["kafka.group", "ssl.ca.location", "sasl.username", "key"]
    )
    func ordinary(key: String) {
        #expect(!SecretKeys.contains(key))
    }
}
