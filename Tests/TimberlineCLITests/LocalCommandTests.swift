import AWSTestSupport
import Foundation
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

@Suite("timberline local")
struct LocalCommandTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A custom runtime in Python: notes the offset of each record in a file, and answers with the event's size.
    private static let bootstrap = """
        #!/usr/bin/env python3
        import http.client, json, os
        api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
        while True:
            api.request('GET', '/2018-06-01/runtime/invocation/next')
            event = api.getresponse()
            request, body = event.headers['Lambda-Runtime-Aws-Request-Id'], event.read()
            with open(os.environ['NOTES'], 'a') as notes:
                for part in json.loads(body).get('records', {}).values():
                    notes.write(''.join(f'{r["partition"]}-{r["offset"]}\\n' for r in part))
            answer = json.dumps({'size': len(body), 'endpoint': os.environ['AWS_ENDPOINT_URL']})
            api.request('POST', f'/2018-06-01/runtime/invocation/{request}/response', answer)
            api.getresponse().read()
        """

    private func start(_ arguments: [String]) throws -> (program: RunningProgram, url: String) {
        let program = try scratch.start(["local", "--port", "0", "--data", scratch.path("data")] + arguments)
        try program.wait(30) { program.output.contains("\n") }
        let url = program.output.firstMatch(of: /AWS_ENDPOINT_URL=(\S+)/).map { String($0.1) }
        return (program, try #require(url))
    }

    /// A boto3 program with a client `c` of Lambda.
    private func boto3(_ url: String, _ program: String, _ arguments: String...) throws -> String {
        let head = """
            import sys, io, json, zipfile, boto3
            c = boto3.client('lambda', region_name='us-east-1', endpoint_url=sys.argv[1],
                aws_access_key_id='AK', aws_secret_access_key='SK')

            """
        let result = try PythonPeers.run(head + program, [url] + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func createFunction(_ url: String, notes: String) throws {
        _ = try boto3(
            url,
            """
            b = io.BytesIO()
            i = zipfile.ZipInfo('bootstrap'); i.external_attr = 0o755 << 16
            with zipfile.ZipFile(b, 'w') as z: z.writestr(i, sys.argv[2])
            c.create_function(FunctionName='noter', Runtime='provided.al2023', Handler='bootstrap', Timeout=10,
                Role='arn:aws:iam::123456789012:role/r', Code={'ZipFile': b.getvalue()},
                Environment={'Variables': {'NOTES': sys.argv[3]}})
            """,
            Self.bootstrap,
            notes
        )
    }

    private func notes() -> [String] {
        ((try? scratch.read("notes")) ?? "").split(separator: "\n").map(String.init)
    }

    @Test(
        "a function is made, invoked and answered; the same one after the process was killed",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func invoke() throws {
        let first = try start([])
        try createFunction(first.url, notes: scratch.path("notes"))
        let invoke = "print(json.loads(c.invoke(FunctionName='noter', Payload=b'{}')['Payload'].read()))"
        #expect(try boto3(first.url, invoke).contains("'size': 2"))
        first.program.send(SIGKILL)
        #expect(first.program.wait() == -SIGKILL)
        let second = try start([])
        let answer = try boto3(second.url, invoke)
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
        let first = try start(arguments)
        try createFunction(first.url, notes: scratch.path("notes"))
        try cluster.produce((0..<50).map { "line \($0)" }, to: topic)
        _ = try boto3(
            first.url,
            """
            c.create_event_source_mapping(FunctionName='noter', Topics=[sys.argv[2]], StartingPosition='TRIM_HORIZON',
                EventSourceArn='arn:aws:kafka:us-east-1:123456789012:cluster/demo/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2')
            """,
            topic
        )
        try first.program.wait(60) { Set(notes()).count == 50 }
        first.program.send(SIGKILL)
        _ = first.program.wait()
        try cluster.produce((50..<100).map { "line \($0)" }, to: topic)
        let second = try start(arguments)
        try second.program.wait(60) { Set(notes()).count == 100 }
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
