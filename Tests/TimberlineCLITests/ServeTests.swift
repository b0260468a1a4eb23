import AWSTestSupport
import Foundation
import HTTPTestSupport
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

@Suite struct ServeTests {
    private let usual = "[[0.45, 200, 1200]]"

    @Test("each endpoint has its model, and the first is the one of /invocations")
    func severalModels() throws {
        let scratch = try Scratch()
        let model = try scratch.trainModel()
        let wide = try scratch.write(
            "wide.csv",
            (0..<100).map { "\($0 % 7),\($0 % 5)\n" }.joined()
        )
        #expect(
            try scratch.run(["train", "--input", wide, "--output", scratch.path("wide")]).code == .success
        )
        let endpoint = try EndpointProgram(
            scratch,
            ["--port", "0", "--model", "first=\(model)", "--model", "wide=\(scratch.path("wide"))"]
        )
        #expect(try endpoint.post(usual).status == 200)
        #expect(try endpoint.post(usual, to: "/endpoints/first/invocations").status == 200)
        #expect(try endpoint.post(usual, to: "/endpoints/wide/invocations").status == 424)
        #expect(try endpoint.post("[[1,2]]", to: "/endpoints/wide/invocations").status == 200)
        #expect(endpoint.terminate() == 0)
        #expect(endpoint.program.errors.contains("event=endpoint_stopped"))
    }

    @Test("every wrong request is answered with its reason, and the endpoint goes on")
    func wrongRequests() throws {
        let scratch = try Scratch()
        let endpoint = try EndpointProgram(
            scratch,
            ["--port", "0", "--body-limit", "1000B", "--model", "a=\(scratch.trainModel())"]
        )
        for (body, path, type, status, words) in [
            ("[[1,2]]", "/invocations", "application/json", 400, "row 0 has 2 values, the model takes 3"),
            ("[[1,2,3],[1,2,NaN]]", "/invocations", "application/json", 400, "NaN at byte 14"),
            ("1,2,nan", "/invocations", "text/csv", 400, "value 2 of row 0 is nan"),
            ("\u{0}\u{1}", "/invocations", "application/x-recordio-protobuf", 400, "record 0"),
            ("x", "/invocations", "image/png", 415, "image/png"),
            (usual, "/endpoints/b/invocations", "application/json", 400, "Endpoint b not found."),
            (usual, "/b", "application/json", 404, "nothing is served under /b"),
            (
                String(repeating: " ", count: 1_001), "/invocations", "text/csv", 413,
                #"{"code":"bodyTooLarge","message":"the request's body is larger than 1000 bytes"}"#
            ),
            (
                String(repeating: " ", count: 1_001), "/endpoints/a/invocations", "text/csv", 424,
                "bodyTooLarge"
            ),
        ] {
            let answer = try endpoint.post(body, to: path, type: type)
            #expect(answer.status == status && answer.body.contains(words), "\(answer)")
            #expect(try endpoint.post(usual).status == 200)
        }
        let smuggling = try RawConnection(port: endpoint.port)
        smuggling.send(
            "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        )
        let refusal = try smuggling.answer()
        #expect(refusal.status == 400 && refusal.body.hasPrefix(#"{"code":"malformedRequest""#), "\(refusal)")
        #expect(smuggling.isEnded())
        #expect(try endpoint.post(usual).status == 200)
        #expect(endpoint.terminate() == 0)
    }

    @Test("a client that sends a byte now and then is ended; others are answered meanwhile")
    func slowClient() throws {
        let scratch = try Scratch()
        let endpoint = try EndpointProgram(
            scratch,
            [
                "--port", "0", "--threads", "1", "--request-timeout", "400ms", "--model",
                "a=\(scratch.trainModel())",
            ]
        )
        let slow = try RawConnection(port: endpoint.port)
        slow.send("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        var count = 0
        while slow.send(" "), count < 600 {
            #expect(try endpoint.post(usual).status == 200)
            usleep(50_000)
            count += 1
        }
        #expect(count < 600)
    }

    @Test("a thousand idle connections do not keep others from being answered")
    func idleConnections() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 8_192))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let scratch = try Scratch()
        let endpoint = try EndpointProgram(scratch, ["--port", "0", "--model", "a=\(scratch.trainModel())"])
        let idle = try (0..<1_000).map { _ in try RawConnection(port: endpoint.port) }
        for _ in 0..<20 { #expect(try endpoint.post(usual).status == 200) }
        // They are connections, not places in a queue.
        for connection in [idle[0], idle[500], idle[999]] {
            #expect(try EndpointProgram.post(usual, on: connection).status == 200)
        }
        #expect(endpoint.terminate() == 0)
    }

    @Test("no request that was sent before SIGTERM or under it goes without its answer")
    func terminationUnderLoad() throws {
        let scratch = try Scratch()
        let endpoint = try EndpointProgram(
            scratch,
            ["--port", "0", "--threads", "2", "--model", "a=\(scratch.trainModel())"]
        )
        let load = EndpointLoad(port: endpoint.port, clients: 8)
        try endpoint.program.wait { load.answered > 500 }
        #expect(endpoint.terminate() == 0)
        let result = load.finish()
        #expect(result.lost.isEmpty, "\(result.lost)")
        #expect(result.answered > 500)
    }

    @Test("a frozen model gives a row the same score for ever; with --learn it gets used to it")
    func learning() throws {
        let scratch = try Scratch()
        let model = try scratch.trainModel()
        func scores(_ more: [String]) throws -> (first: String, last: String) {
            let endpoint = try EndpointProgram(scratch, ["--port", "0", "--model", "a=\(model)"] + more)
            let connection = try RawConnection(port: endpoint.port)
            var bodies: [String] = []
            for _ in 0..<300 {
                bodies.append(try EndpointProgram.post("[[9, 500, 1]]", on: connection).body)
            }
            return (bodies[0], bodies[299])
        }
        let frozen = try scores([])
        #expect(frozen.first == frozen.last)
        let learning = try scores(["--learn"])
        #expect(learning.first == frozen.first && learning.last != learning.first)
    }

    @Test("a file that is no model, or damaged, is named with the reason, and nothing is served")
    func damagedModel() throws {
        let scratch = try Scratch()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.trainModel()))
        bytes[bytes.count / 2] ^= 1
        try scratch.write("damaged", bytes: bytes)
        try scratch.write("cut", bytes: bytes.prefix(1_000))
        try scratch.write("text", "no model")
        for (name, words) in [
            ("damaged", "checksum"), ("cut", "its length is another"),
            ("text", "these bytes are no model file"),
            ("absent", "No such file"), (".", "is a directory"),
        ] {
            let result = try scratch.run(["serve", "--port", "0", "--model", "a=\(scratch.path(name))"])
            #expect(result.code == .unreadableInput, "\(result)")
            #expect(result.errors.contains(scratch.path(name)) && result.errors.contains(words), "\(result)")
        }
    }

    @Test("a name that is no endpoint's, or given twice, is a usage error")
    func names() throws {
        let scratch = try Scratch()
        for models in [["x"], ["=x"], ["a b=x"], ["-a=x"], ["a=x", "a=y"]] {
            let arguments = models.flatMap { ["--model", $0] }
            #expect(try scratch.run(["serve", "--port", "0"] + arguments).code == .usage, "\(models)")
        }
    }

    @Test("the address comes from the options, else from the environment; a port in use is told")
    func address() throws {
        let scratch = try Scratch()
        let model = "a=\(try scratch.trainModel())"
        let port = try FreePort.any()
        let endpoint = try EndpointProgram(
            scratch,
            ["--model", model],
            environment: ["SAGEMAKER_BIND_TO_PORT": "\(port)", "TIMBERLINE_HOST": "localhost"]
        )
        #expect(endpoint.port == port)
        #expect(endpoint.program.errors.contains("address=localhost:\(port)"))
        let second = try scratch.run(["serve", "--port", "\(port)", "--model", model])
        #expect(second.code == .unavailable && second.errors.contains("in use"), "\(second)")
        let wrong = try scratch.run(
            ["serve", "--model", model],
            environment: ["SAGEMAKER_BIND_TO_PORT": "http"]
        )
        #expect(wrong.code == .invalidConfiguration && wrong.errors.contains("SAGEMAKER_BIND_TO_PORT"))
    }
}

/// A function as people have it behind Kafka, which knows nothing of Timberline.
@Suite(.enabled(if: PythonPeers.areInstalled, Comment(rawValue: PythonPeers.absence)))
struct StockFunctionTests {
    @Test("a Python Lambda function that asks a SageMaker endpoint runs as it is, with the address alone")
    func stockFunction() throws {
        let scratch = try Scratch()
        let endpoint = try EndpointProgram(
            scratch,
            ["--port", "0", "--model", "rcf-anomaly-endpoint=\(scratch.trainModel())"]
        )
        let driver = """
            event = {'records': {'app-logs-0': [{'value': base64.b64encode(json.dumps(log).encode()).decode()} for log in [
                {'response_time': 0.45, 'status_code': 200, 'bytes_sent': 1200},
                {'response_time': 0.41, 'status_code': 200, 'bytes_sent': 1150},
                {'response_time': 31.5, 'status_code': 503, 'bytes_sent': 12}]]}}
            print(json.dumps(lambda_handler(event, None)))
            """
        let run = try PythonPeers.run(
            Self.function + driver,
            environment: [
                "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": "http://127.0.0.1:\(endpoint.port)",
                "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true",
            ]
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == #"{"statusCode": 200, "anomalies": [false, false, true]}"# + "\n")
    }

    private static let function = """
        import base64
        import json
        import boto3

        runtime = boto3.client('runtime.sagemaker')
        ENDPOINT_NAME = 'rcf-anomaly-endpoint'

        def extract_features(log):
            return [log['response_time'], log['status_code'], log['bytes_sent']]

        def lambda_handler(event, context):
            anomalies = []
            for records in event['records'].values():
                for record in records:
                    log = json.loads(base64.b64decode(record['value']).decode('utf-8'))
                    features = extract_features(log)
                    response = runtime.invoke_endpoint(
                        EndpointName=ENDPOINT_NAME,
                        ContentType='application/json',
                        Body=json.dumps([features]))
                    result = json.loads(response['Body'].read().decode())
                    anomalies.append(result['scores'][0] > 3.0)
            return {'statusCode': 200, 'anomalies': anomalies}


        """
}
