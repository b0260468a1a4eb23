import AWSTestSupport
import Foundation
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

@Suite("timberline local")
struct LocalCommandTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(
        "a function is made, invoked and answered; the same one after the process was killed",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func invoke() throws {
        let first = try LocalProgram(scratch)
        try first.createNoter()
        let invoke = "print(json.loads(c.invoke(FunctionName='noter', Payload=b'{}')['Payload'].read()))"
        #expect(try first.boto3(invoke).contains("'size': 2"))
        first.program.send(SIGKILL)
        #expect(first.program.wait() == -SIGKILL)
        let second = try LocalProgram(scratch)
        let answer = try second.boto3(invoke)
        #expect(answer.contains("'size': 2") && answer.contains(second.url), "functions know the address")
        second.program.send(SIGTERM)
        #expect(second.program.wait() == 0, "\(second.program.errors)")
        #expect(second.program.errors.contains("local_stopped"))
    }

    @Test(
        "a mapping brings every record to its function, the process killed and started again meanwhile",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)"),
        arguments: TestKafka.all
    )
    func mapping(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 2)
        let arguments = ["--cluster", "demo=\(cluster.brokers)"]
        let first = try LocalProgram(scratch, arguments)
        try first.createNoter()
        try cluster.produce((0..<50).map { "line \($0)" }, to: topic)
        _ = try first.boto3(
            """
            c.create_event_source_mapping(FunctionName='noter', Topics=[sys.argv[2]], StartingPosition='TRIM_HORIZON',
                EventSourceArn='arn:aws:kafka:us-east-1:123456789012:cluster/demo/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2')
            """,
            topic
        )
        try first.program.wait(60) { Set(scratch.notes).count == 50 }
        first.program.send(SIGKILL)
        _ = first.program.wait()
        try cluster.produce((50..<100).map { "line \($0)" }, to: topic)
        let second = try LocalProgram(scratch, arguments)
        try second.program.wait(60) { Set(scratch.notes).count == 100 }
        second.program.send(SIGTERM)
        #expect(second.program.wait() == 0, "\(second.program.errors)")
    }

    @Test("what is wrong in its settings is said by name, code 78")
    func settings() throws {
        for (arguments, name) in [
            (["--service", "dynamodb=nowhere"], "services.dynamodb"), (["--account", "12"], "local.account"),
            (["--model", "a b=x"], "models.a b"),
        ] {
            let result = try scratch.run(["local", "--data", scratch.path("data")] + arguments)
            #expect(result.code == .invalidConfiguration)
            #expect(result.errors.contains(name), "\(result.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("data")))
    }
}
