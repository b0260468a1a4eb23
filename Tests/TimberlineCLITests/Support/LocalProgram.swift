import AWSTestSupport
import Foundation
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// `timberline local` as a program of its own, on a free port of loopback.
struct LocalProgram {
    let program: RunningProgram
    let url: String
    private let scratch: Scratch

    init(_ scratch: Scratch, _ arguments: [String] = []) throws {
        let program = try scratch.start(["local", "--port", "0", "--data", scratch.path("data")] + arguments)
        try program.wait(30) { program.output.contains("\n") || !program.isRunning }
        let url = program.output.firstMatch(of: /AWS_ENDPOINT_URL=(\S+)/).map { String($0.1) }
        self.url = try #require(url, "\(program.errors)")
        self.program = program
        self.scratch = scratch
    }

    var port: UInt16 { url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 }

    /// Runs a boto3 program with `client(service)`, and a client `c` of Lambda; what it prints.
    func boto3(_ program: String, _ arguments: String...) throws -> String {
        let head = """
            import sys, io, json, time, zipfile, boto3
            from botocore.exceptions import ClientError
            def client(service, **more):
                return boto3.client(service, region_name='us-east-1', endpoint_url=sys.argv[1],
                    aws_access_key_id='AK', aws_secret_access_key='SK', **more)
            c = client('lambda')

            """
        let result = try PythonPeers.run(head + program, [url] + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Makes the function `noter`, which notes the records that it is given (`Scratch.notes`), and answers with the
    /// event's size.
    func createNoter() throws {
        _ = try boto3(
            """
            b = io.BytesIO()
            i = zipfile.ZipInfo('bootstrap'); i.external_attr = 0o755 << 16
            with zipfile.ZipFile(b, 'w') as z: z.writestr(i, sys.argv[2])
            c.create_function(FunctionName='noter', Runtime='provided.al2023', Handler='bootstrap', Timeout=10,
                Role='arn:aws:iam::123456789012:role/r', Code={'ZipFile': b.getvalue()},
                Environment={'Variables': {'NOTES': sys.argv[3]}})
            """,
            Self.bootstrap,
            scratch.path("notes")
        )
    }

    /// A custom runtime in Python.
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
                    notes.write(''.join(f'{r["topic"]}/{r["partition"]}-{r["offset"]}\\n' for r in part))
            answer = json.dumps({'size': len(body), 'endpoint': os.environ['AWS_ENDPOINT_URL']})
            api.request('POST', f'/2018-06-01/runtime/invocation/{request}/response', answer)
            api.getresponse().read()
        """
}

extension Scratch {
    /// What the function `noter` has been given: `TOPIC/PARTITION-OFFSET` of each record.
    var notes: [String] { ((try? read("notes")) ?? "").split(separator: "\n").map(String.init) }
}
