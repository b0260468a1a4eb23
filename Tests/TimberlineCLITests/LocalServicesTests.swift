import AWSTestSupport
import Foundation
import HTTPTestSupport
import JSONText
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// The services beside Lambda on the port of `timberline local`, for those who know nothing of it.
@Suite("timberline local's other services", .ownThread)
struct LocalServicesTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func replay(_ name: String, to local: LocalProgram) throws -> [RawConnection.Answer] {
        let connection = try RawConnection(port: local.port)
        return try RecordedRequest.read(name).map { request in
            connection.send(request.text)
            return try connection.answer()
        }
    }

    private func json(_ answer: RawConnection.Answer) throws -> JSONValue {
        try JSONValue(Array(answer.body.utf8))
    }

    @Test(
        "recorded requests of SageMaker Runtime and Kinesis get the answers that their tools wait for",
        .enabled(if: RecordedRequest.areThere, "\(RecordedRequest.absence)"),
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func recorded() throws {
        let moto = try Moto.shared.get()
        _ = try moto.boto3(
            """
            kinesis = boto3.client("kinesis")
            kinesis.create_stream(StreamName="kafka-log-stream", ShardCount=1)
            """
        )
        let rows = try scratch.write("rows.csv", (0..<200).map { "\($0 % 7)\n" }.joined())
        let model = scratch.path("model")
        #expect(try scratch.run(["train", "--input", rows, "--output", model]).code == .success)
        let local = try LocalProgram(
            scratch,
            ["--model", "rcf-anomaly-endpoint=\(model)", "--service", "kinesis=\(moto.url)"]
        )
        for client in ["new", "sys"] {
            for answer in try replay("\(client)-sagemaker-invoke", to: local) {
                #expect(answer.status == 200, "\(answer)")
                #expect(answer.headers["x-amzn-invoked-production-variant"] == "AllTraffic")
                let scores = try json(answer)["scores"]?.array
                #expect(scores?.count == 1 && scores?.first?["score"]?.double ?? 0 > 0)
            }
            for answer in try replay("\(client)-kinesis-put", to: local) {
                #expect(answer.status == 200, "\(answer)")
                #expect(try json(answer)["ShardId"]?.string == "shardId-000000000000")
                #expect(try json(answer)["SequenceNumber"]?.string != nil)
            }
        }
        let kept = try moto.boto3(
            """
            kinesis = boto3.client("kinesis")
            shard = kinesis.get_shard_iterator(StreamName="kafka-log-stream", ShardId="shardId-000000000000",
                ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            print([r["Data"].decode() for r in kinesis.get_records(ShardIterator=shard)["Records"]])
            kinesis.delete_stream(StreamName="kafka-log-stream")
            """
        )
        #expect(kept == "['{\"m\": \"x\"}', '{\"m\": \"x\"}']\n")
    }

    @Test(
        "without a model or an address they are refused in the forms of their protocols",
        .enabled(if: RecordedRequest.areThere, "\(RecordedRequest.absence)"),
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func refused() throws {
        let local = try LocalProgram(scratch)
        for client in ["new", "sys"] {
            for answer in try replay("\(client)-sagemaker-invoke", to: local) {
                #expect(answer.status == 400 && answer.headers["x-amzn-errortype"] == "ValidationError")
                #expect(try json(answer)["Message"]?.string == "Endpoint rcf-anomaly-endpoint not found.")
            }
            for answer in try replay("\(client)-kinesis-put", to: local) {
                #expect(answer.status == 400)
                #expect(answer.headers["content-type"] == "application/x-amz-json-1.1")
                #expect(try json(answer)["__type"]?.string == "ServiceNotConfiguredException")
                #expect(try json(answer)["message"]?.string?.contains("--service kinesis=http://") == true)
            }
        }
        let seen = try local.boto3(
            """
            def code(call, **arguments):
                try: call(**arguments)
                except ClientError as e: print(e.response['Error']['Code'], '--service' in e.response['Error']['Message'])
            code(client('kinesis').put_record, StreamName='s', Data=b'x', PartitionKey='p')
            code(client('sns').publish, TopicArn='arn:aws:sns:us-east-1:123456789012:t', Message='m')
            code(client('s3').list_buckets)
            code(client('dynamodb').list_tables)
            code(client('sagemaker-runtime').invoke_endpoint, EndpointName='e', Body=b'[[1]]')
            """
        )
        let notConfigured = "ServiceNotConfiguredException True"
        #expect(
            seen.split(separator: "\n") == [
                "\(notConfigured)", "\(notConfigured)", "\(notConfigured)", "\(notConfigured)",
                "ValidationError False",
            ]
        )
    }

    @Test(
        "HEAD says how long an object is, and brings none of it",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func head() throws {
        let local = try LocalProgram(scratch, ["--service", "s3=\(try Moto.shared.get().url)"])
        let seen = try local.boto3(
            """
            s3 = client('s3')
            bucket = sys.argv[2]
            s3.create_bucket(Bucket=bucket)
            s3.put_object(Bucket=bucket, Key='a/b c', Body=b'x' * 123456, ContentType='text/x')
            print(s3.head_bucket(Bucket=bucket)['ResponseMetadata']['HTTPStatusCode'])
            head = s3.head_object(Bucket=bucket, Key='a/b c')
            print(head['ContentLength'], head['ContentType'], head['ResponseMetadata']['HTTPHeaders']['content-length'])
            print(len(s3.get_object(Bucket=bucket, Key='a/b c')['Body'].read()))
            for call in lambda: s3.head_object(Bucket=bucket, Key='none'), lambda: s3.head_bucket(Bucket=bucket + '-none'):
                try: call()
                except ClientError as e: print(e.response['Error']['Code'])
            """,
            "heads-\(UUID().uuidString.lowercased())"
        )
        #expect(seen.split(separator: "\n") == ["200", "123456 text/x 123456", "123456", "404", "404"])
    }
}
