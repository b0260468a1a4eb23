import AWSTestSupport
import Foundation
import HTTPServer
import KafkaTestSupport
import Testing

@testable import ModelEndpoint

/// AWS's own client for Python against the endpoint, over HTTP.
@Suite(.enabled(if: PythonPeers.areInstalled, Comment(rawValue: PythonPeers.absence)))
struct BotoTests {
    private let server: HTTPServer

    init() throws {
        let rows = serviceRows(600).map { $0 + [$0[0] * 10] }
        let model = try EndpointModel(TrainedModel.decode(serviceModelFile(rows: rows)))
        let models = ModelRegistry(["rcf-anomaly-endpoint": try serviceModel(), "four": model])
        server = try EndpointRoutes(models: models, standard: "four").serve()
    }

    private func boto3(_ program: String, _ arguments: [String] = []) throws -> [String] {
        let run = try PythonPeers.run(
            "import boto3, json, sys\n" + program,
            arguments,
            environment: [
                "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": "http://\(server.address)",
                "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_MAX_ATTEMPTS": "1",
            ]
        )
        guard run.status == 0 else {
            Issue.record("\(run.errors)")
            return []
        }
        return run.output.split(separator: "\n").map(String.init)
    }

    @Test("features as a JSON list in a list are scored, and the first score compares with a number")
    func bareRows() throws {
        let lines = try boto3(
            """
            runtime = boto3.client('runtime.sagemaker')
            for features in [[0.45, 200, 1200], [45, 503, 7]]:
                response = runtime.invoke_endpoint(EndpointName='rcf-anomaly-endpoint', ContentType='application/json',
                    Body=json.dumps([features]))
                result = json.loads(response['Body'].read().decode())
                print(result['scores'][0] > 3.0, response['InvokedProductionVariant'], response['ContentType'],
                    len(response['ResponseMetadata']['RequestId']))
            """
        )
        #expect(lines == ["False AllTraffic application/json 36", "True AllTraffic application/json 36"])
    }

    @Test(
        "every content type of the fixtures is accepted, and answered in every type",
        .enabled(if: Fixtures.isPresent, Comment(rawValue: Fixtures.absence))
    )
    func contentTypes() throws {
        let lines = try boto3(
            """
            import os, struct
            folder = sys.argv[1]
            runtime = boto3.client('sagemaker-runtime')
            kinds = {'dense.json': 'application/json', 'dense-verbose.json': 'application/json',
                'sparse.json': 'application/json', 'jsonl': 'application/jsonlines', 'csv': 'text/csv;label_size=0',
                'recordio': 'application/x-recordio-protobuf'}
            def scores(kind, data):
                if kind == 'application/json':
                    return [entry['score'] for entry in json.loads(data)['scores']]
                if kind == 'application/jsonlines':
                    return [json.loads(line)['score'] for line in data.decode().splitlines()]
                if kind == 'text/csv':
                    return [float(line) for line in data.decode().splitlines()]
                found = []
                while data:
                    length = struct.unpack('<I', data[4:8])[0]
                    found += struct.unpack('<f', data[8 + length - 4:8 + length])
                    data = data[8 + (length + 3) // 4 * 4:]
                return found
            for name, sent in kinds.items():
                with open(os.path.join(folder, 'rcf-request.' + name), 'rb') as file:
                    body = file.read()
                answers = []
                for wanted in ['application/json', 'application/jsonlines', 'text/csv', 'application/x-recordio-protobuf']:
                    response = runtime.invoke_endpoint(EndpointName='four', ContentType=sent, Accept=wanted, Body=body)
                    assert response['ContentType'] == wanted, response
                    answers.append(scores(wanted, response['Body'].read()))
                assert all(len(answer) == len(answers[0]) for answer in answers)
                for answer in answers:
                    assert all(abs(a - b) < 1e-6 for a, b in zip(answer, answers[0])), answers
                print(name, len(answers[0]))
            """,
            [Fixtures.directory.path]
        )
        #expect(
            lines == [
                "dense.json 2", "dense-verbose.json 1", "sparse.json 1", "jsonl 3", "csv 2", "recordio 2",
            ]
        )
    }

    @Test("errors arrive as the exceptions of SageMaker's model, and the endpoint goes on")
    func errors() throws {
        let lines = try boto3(
            """
            runtime = boto3.client('sagemaker-runtime')
            def attempt(name, body, **more):
                try:
                    runtime.invoke_endpoint(EndpointName=name, Body=body, **more)
                    print('answered')
                except runtime.exceptions.ModelError as error:
                    print('ModelError', error.response['OriginalStatusCode'], error.response['OriginalMessage'])
                except runtime.exceptions.ClientError as error:
                    print(error.response['Error']['Code'], error.response['Error']['Message'])
            attempt('four', '[[1,2]]', ContentType='application/json')
            attempt('four', json.dumps([[1, 2, 3, float('nan')]]), ContentType='application/json')
            attempt('four', 'x', ContentType='image/png')
            attempt('nowhere', '[[1,2,3,4]]')
            attempt('four', b'0' * (8 << 20))
            attempt('four', '[[1,2,3,4]]')
            """
        )
        #expect(lines.count == 6)
        for (line, part) in zip(
            lines,
            [
                "ModelError 400 {\"code\":\"wrongDimensions\"", "ModelError 400 {\"code\":\"notFinite\"",
                "ModelError 415", "ValidationError Endpoint nowhere not found.",
                "ModelError 413 {\"code\":\"bodyTooLarge\"", "answered",
            ]
        ) {
            #expect(line.hasPrefix(part), "\(line)")
        }
    }
}
