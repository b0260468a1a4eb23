import Foundation
import KafkaTestSupport
import Testing

/// The login of Amazon MSK against a broker that checks the token's signature, by the program itself.
@Suite(.ownThread) struct MSKLoginTests {
    private static let absence: String? =
        RealKafka.absence
        ?? (Command.exists("javac") ? nil : "javac is not installed (Debian: openjdk-17-jdk-headless)")

    /// Java's agent that checks tokens, which puts it on the broker's class path.
    private func agent(_ scratch: Scratch) throws -> String {
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Java/MSKTokenCheck.java").path
        let libraries = RealKafka.classPath("4.3.1")
        let manifest = try scratch.write("manifest", "Premain-Class: MSKTokenCheck\n")
        let classes = scratch.path("classes")
        let compiled = try Command.run("javac", ["-cp", libraries, "-d", classes, source], timeout: 120)
        try #require(compiled.status == 0, "\(compiled.errors)")
        let jar = scratch.path("agent.jar")
        let packed = try Command.run("jar", ["cfm", jar, manifest, "-C", classes, "."], timeout: 120)
        try #require(packed.status == 0, "\(packed.errors)")
        return jar
    }

    @Test(
        "run reads, saves and commits with signed tokens, inspect reads what it saved, and a wrong secret is refused",
        .enabled(if: absence == nil, Comment(rawValue: absence ?? ""))
    )
    func login() throws {
        let scratch = try Scratch()
        let handler = "listener.name.sasl.oauthbearer.sasl.server.callback.handler.class=MSKTokenCheck"
        let kafka = try RealKafka(
            version: "4.3.1",
            secure: true,
            properties: [handler],
            environment: ["JDK_JAVA_OPTIONS": "-javaagent:\(try agent(scratch))"]
        )
        let cluster = TestCluster(kafka)
        let topic = try cluster.makeTopic()
        try cluster.produce(
            (0..<200).map { #"{"took_ms":\#($0 == 150 ? 90_000 : 20 + $0 % 7),"bytes":400}"# },
            to: topic
        )
        let authority = try #require(kafka.description.tls) + "/ca.pem"
        let login = [
            "--brokers", try #require(kafka.description.login), "--kafka-login", "aws-msk-iam",
            "--kafka-property", "ssl.ca.location=\(authority)",
        ]
        func environment(_ secret: String) -> [String: String] {
            [
                "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "eu-west-3",
                "AWS_EC2_METADATA_DISABLED": "true",
            ]
        }
        let run = try scratch.start(
            [
                "run", "--topic", topic, "--start", "earliest", "--group", "g", "--exit-at-end",
                "--checkpoints", "topic:models", "--store", scratch.path("store.db"),
                "--dead-letter-file", scratch.path("dead.jsonl"),
            ] + login,
            environment: environment("secret")
        )
        #expect(run.wait(120) == 0, "\(run.errors)")
        #expect(run.output.contains("took_ms") && run.errors.contains("read=200"))
        let inspect = ["inspect", "topic:models"] + login
        let shown = try scratch.start(inspect, environment: environment("secret"))
        #expect(shown.wait(120) == 0, "\(shown.errors)")
        #expect(shown.output.contains("g/\(topic)/0  next offset 200"))
        let refused = try scratch.start(inspect, environment: environment("wrong"))
        #expect(refused.wait(120) != 0)
        #expect(refused.errors.contains("another signature"), "\(refused.errors)")
    }
}
