import AWSTestSupport
import Foundation
import HTTPServer
import JSONText
import KafkaTestSupport
import LambdaControlPlane
import LocalLambdaModel
import Testing

/// The checker beside the repository.
private enum Checker {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/tools/botocore_check.py").standardized.path
    static let isThere = FileManager.default.fileExists(atPath: path)
}

@Suite("Tools of other people's against a local Lambda")
struct ToolTests {
    let served: ServedPlane

    init() throws { served = try ServedPlane() }

    /// A boto3 program that has a client `c`, and the address in `sys.argv[1]`.
    private func boto3(_ program: String) throws -> Command {
        let head = """
            import sys, json, boto3, botocore
            c = boto3.client('lambda', region_name='us-east-1', endpoint_url=sys.argv[1],
                aws_access_key_id='AK', aws_secret_access_key='SK')

            """
        return try PythonPeers.run(head + program, [served.url])
    }

    @Test(
        "botocore's model fits every answer of the checker's calls",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)"),
        .enabled(if: Checker.isThere, "../shared/tools/botocore_check.py is not there")
    )
    func checker() throws {
        try served.plane.createFunction("my-kafka-lambda")
        let program = """
            import sys, runpy
            path = sys.argv[1]; sys.argv = [path, sys.argv[2]]
            runpy.run_path(path, run_name='__main__')
            """
        let result = try PythonPeers.run(program, [Checker.path, served.url])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains(", 0 problems"))
    }

    @Test(
        "boto3 makes, changes, pages, tags, publishes and deletes, its paginators and waiters too",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func client() throws {
        let result = try boto3(
            """
            import io, zipfile
            b = io.BytesIO()
            with zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('app.py', 'def handler(e, c): return e')
            role = 'arn:aws:iam::123456789012:role/r'
            for n in range(60):
                c.create_function(FunctionName=f'f{n:02}', Runtime='python3.12', Handler='app.handler', Role=role,
                    Code={'ZipFile': b.getvalue()}, Tags={'n': str(n)})
            c.get_waiter('function_active_v2').wait(FunctionName='f00')
            names = [f['FunctionName'] for p in c.get_paginator('list_functions').paginate() for f in p['Functions']]
            assert names == [f'f{n:02}' for n in range(60)], names
            c.update_function_configuration(FunctionName='f00', Timeout=9, Environment={'Variables': {'AB': 'c'}})
            c.get_waiter('function_updated_v2').wait(FunctionName='f00')
            v = c.publish_version(FunctionName='f00')['Version']
            arn = c.create_alias(FunctionName='f00', Name='live', FunctionVersion=v)['AliasArn']
            assert c.get_function_configuration(FunctionName=arn)['Timeout'] == 9
            g = c.get_function(FunctionName='f00', Qualifier='live')
            assert g['Tags'] == {'n': '0'}
            import urllib.request
            assert urllib.request.urlopen(g['Code']['Location']).read() == b.getvalue()
            m = c.create_event_source_mapping(FunctionName=arn, Topics=['t'], StartingPosition='TRIM_HORIZON',
                SelfManagedEventSource={'Endpoints': {'KAFKA_BOOTSTRAP_SERVERS': ['127.0.0.1:9092']}})
            assert m['FunctionArn'] == arn, m
            assert c.get_event_source_mapping(UUID=m['UUID'])['State'] == 'Enabled'
            c.delete_event_source_mapping(UUID=m['UUID'])
            r = c.invoke(FunctionName='f00', Payload=b'{}', LogType='Tail', ClientContext='e30=')
            assert r['StatusCode'] == 200 and r['Payload'].read() == b'null' and r['LogResult']
            assert c.invoke(FunctionName='f00', InvocationType='Event', Payload=b'{}')['StatusCode'] == 202
            try: c.get_function(FunctionName='none'); assert False
            except c.exceptions.ResourceNotFoundException as e: assert 'none' in str(e), e
            try: c.create_function(FunctionName='f00', Runtime='python3.12', Handler='a.b', Role=role, Code={'ZipFile': b'no'})
            except c.exceptions.InvalidParameterValueException as e: assert 'zip' in str(e), e
            for n in names: c.delete_function(FunctionName=n)
            assert c.list_functions()['Functions'] == []
            print('done')
            """
        )
        #expect(result.output == "done\n", "\(result.errors)")
    }

    @Test(
        "recorded requests of the AWS CLI, boto3 and Terraform get the answers that these wait for",
        .enabled(if: RecordedRequest.areThere, "\(RecordedRequest.absence)")
    )
    func recorded() throws {
        try served.plane.createFunction("my-kafka-lambda")
        let plane = served.plane.plane
        var id = ""
        let order = [
            "esm-create", "esm-create-self", "esm-update", "esm-update-X", "esm-list", "esm-delete",
            "conc-put",
            "conc-get", "conc-del", "fnconf-update", "invoke", "new-lambda-invoke", "sys-lambda-invoke",
            "tf-esm",
        ]
        let others: Set = [
            "new-kinesis-put", "new-sagemaker-invoke", "sys-kinesis-put", "sys-sagemaker-invoke",
        ]
        #expect(
            try RecordedRequest.names() == others.union(order),
            "those of other services go through the gateway"
        )
        let statuses = [
            "POST event-source-mappings": 202, "PUT event-source-mappings": 202,
            "GET event-source-mappings": 200,
            "DELETE event-source-mappings": 202, "DELETE functions": 204,
        ]
        for name in order {
            for sent in try RecordedRequest.read(name) {
                let answer = plane.answer(try sent.request(mapping: id))
                let kind = "\(sent.method) \(sent.target.split(separator: "/")[1].prefix { $0 != "?" })"
                let expected = name == "esm-update-X" ? 404 : statuses[kind] ?? 200
                #expect(answer.status == expected, "\(name): \(String(decoding: answer.body, as: UTF8.self))")
                if kind == "POST event-source-mappings" {
                    id = try JSONValue(answer.body)["UUID"]?.string ?? ""
                }
                // Terraform's is the first again, which is deleted by then.
                if name == "esm-create-self" {
                    let first = try plane.answer(
                        HTTPRequest(target: "/2015-03-31/event-source-mappings?MaxItems=100")
                    )
                    let mappings = try JSONValue(first.body)["EventSourceMappings"]?.array ?? []
                    id = mappings.first { $0["EventSourceArn"] != nil }?["UUID"]?.string ?? ""
                }
            }
        }
    }
}
