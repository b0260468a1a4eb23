import AWSTestSupport
import Foundation
import KafkaTestSupport
import Testing

@testable import AWSServices

/// Where services are.
@Suite(.ownThread) struct EndpointTests {
    private static let services: [AWSService] = [
        .dynamoDB, .kinesis, .lambda, .s3, .sageMakerRuntime, .sns, .sqs, .sts,
    ]

    private func resolver(_ variables: [String: String], _ configuration: String = "") throws
        -> EndpointResolver
    {
        let scene = CredentialOrderTests.Scene(testDescription: "", configuration: configuration)
        let world = try CredentialWorld(scene, CredentialServices())
        var all = world.environment.variables.filter {
            !$0.key.contains("ENDPOINT") && !$0.key.contains("REGION")
        }
        all["AWS_EC2_METADATA_DISABLED"] = "true"
        let environment = AWSEnvironment(all.merging(variables) { $1 })
        // The files are gone with their world, so what they say is read now.
        let resolver = EndpointResolver(
            environment,
            region: nil,
            MetadataClient(environment, .withoutWaiting())
        )
        _ = try? resolver.location(of: .s3)
        for service in Self.services { _ = try? resolver.location(of: service) }
        return resolver
    }

    @Test(
        "the service's variable, the common one, the services section, the profile, the region: in this order"
    )
    func order() throws {
        let configuration = """
            [default]
            region = eu-north-1
            endpoint_url = http://profile:1
            services = local
            [services local]
            s3 =
              endpoint_url = http://section:2/base/
            sagemaker_runtime =
                endpoint_url = https://sage
            """
        func place(_ variables: [String: String], _ service: AWSService) throws -> String {
            let location = try resolver(variables, configuration).location(of: service)
            return
                "\(location.endpoint)\(location.endpoint.basePath) \(location.region) \(location.isConfigured)"
        }
        #expect(try place([:], .s3) == "http://section:2/base eu-north-1 true")
        #expect(try place([:], .sageMakerRuntime) == "https://sage eu-north-1 true")
        #expect(try place([:], .sqs) == "http://profile:1 eu-north-1 true")
        #expect(try place(["AWS_ENDPOINT_URL": "http://all:3"], .s3) == "http://all:3 eu-north-1 true")
        let both = ["AWS_ENDPOINT_URL": "http://all:3", "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": "http://one:4"]
        #expect(try place(both, .sageMakerRuntime) == "http://one:4 eu-north-1 true")
        let ignored = ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_REGION": "cn-north-1"]
        #expect(try place(ignored, .s3) == "https://s3.cn-north-1.amazonaws.com.cn cn-north-1 false")
        #expect(throws: AWSError.self) { try place(["AWS_ENDPOINT_URL": "all:3"], .s3) }
    }

    @Test("the region: AWS_REGION, AWS_DEFAULT_REGION, the profile's, the instance's, or an error")
    func regions() throws {
        let configuration = "[default]\nregion = eu-north-1\n"
        #expect(try resolver(["AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"], configuration).region() == "a")
        #expect(try resolver(["AWS_DEFAULT_REGION": "b"], configuration).region() == "b")
        #expect(try resolver([:], configuration).region() == "eu-north-1")
        #expect(throws: AWSError.self) { try resolver([:]).region() }
        let services = try CredentialServices()
        let instance = [
            "AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": services.stub.url,
        ]
        #expect(try resolver(instance).region() == "sa-east-1")
    }

    @Test(
        "botocore's rules give the same hosts in every region, with FIPS, dual stack and both",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func botocore() throws {
        let program = """
            import botocore.session
            from botocore.endpoint_provider import EndpointProvider
            from botocore.exceptions import EndpointProviderError
            loader = botocore.session.Session().get_component("data_loader")
            partitions = loader.load_data("partitions")
            for name in ["dynamodb", "kinesis", "lambda", "s3", "sagemaker-runtime", "sns", "sqs", "sts"]:
                provider = EndpointProvider(loader.load_service_model(name, "endpoint-rule-set-1"), partitions)
                more = {"s3": {"Bucket": "bucket"}, "sts": {"UseGlobalEndpoint": False}}.get(name, {})
                for partition in partitions["partitions"]:
                    for region in partition["regions"]:
                        if region.endswith("-global"):
                            continue
                        for fips, dual in [(False, False), (True, False), (False, True), (True, True)]:
                            try:
                                url = provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual, **more).url
                            except EndpointProviderError:
                                url = "none"
                            print(name, region, fips, dual, url.replace("bucket.", ""))
            """
        let run = try PythonPeers.run(program, environment: ["AWS_EC2_METADATA_DISABLED": "true"])
        let lines = run.output.split(separator: "\n")
        #expect(lines.count > 8 * 40 * 4, "\(run.errors)")
        for line in lines {
            let parts = line.split(separator: " ").map(String.init)
            let service = try #require(
                Self.services.first { $0.identifier == parts[0].replacing("-", with: "_") }
            )
            let variant = EndpointVariant(isFIPS: parts[2] == "True", isDualStack: parts[3] == "True")
            let ours = (try? variant.host(of: service, in: parts[1])).map { "https://\($0)" } ?? "none"
            #expect(ours == parts[4], "\(line)")
        }
    }

    @Test("FIPS and dual stack: the variables, then the profile; not with an endpoint of one's own")
    func variants() throws {
        let configuration = """
            [default]
            region = eu-north-1
            use_fips_endpoint = TRUE
            use_dualstack_endpoint = false
            """
        func host(_ variables: [String: String], _ service: AWSService = .sqs) throws -> String {
            try resolver(variables, configuration).location(of: service).endpoint.host
        }
        #expect(try host([:]) == "sqs-fips.eu-north-1.amazonaws.com")
        #expect(try host(["AWS_USE_DUALSTACK_ENDPOINT": "true"]) == "sqs-fips.eu-north-1.api.aws")
        #expect(try host(["AWS_USE_FIPS_ENDPOINT": "False"]) == "sqs.eu-north-1.amazonaws.com")
        let both = ["AWS_USE_FIPS_ENDPOINT": "false", "AWS_USE_DUALSTACK_ENDPOINT": "True"]
        #expect(try host(both, .s3) == "s3.dualstack.eu-north-1.amazonaws.com")
        let fips = ["AWS_USE_FIPS_ENDPOINT": "true"]
        let own = fips.merging(["AWS_ENDPOINT_URL": "http://h:1"]) { $1 }
        let error = #expect(throws: AWSError.self) { try host(own) }
        #expect(error?.code == .configuration)
        // Of a partition without one.
        let china = fips.merging(["AWS_REGION": "cn-north-1"]) { $1 }
        #expect(throws: AWSError.self) { try host(china, .s3) }
    }

    @Test(
        "addresses are read as they are meant, or not at all",
        arguments: [
            ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
            ("HTTPS://Host.Example:443/", "https://host.example"),
            ("http://[::1]:8000/a/b/", "http://[::1]:8000"),
            ("http://[fd00:ec2::23]", "http://[fd00:ec2::23]"),
            ("http://h:80", "http://h"), ("ftp://h", nil), ("h:80", nil), ("http://", nil),
            ("http://u:p@h", nil),
            ("http://h:0", nil), ("http://h:99999", nil), ("http://h?x", nil), ("http://a:b:c", nil),
            ("http://h\\x", nil),
        ] as [(String, String?)]
    )
    func addresses(_ text: String, _ expected: String?) {
        #expect(Endpoint(text)?.description == expected)
    }

    @Test("a bucket is in the host's name, or in the path where that cannot be")
    func buckets() throws {
        func url(_ bucket: String, isConfigured: Bool) -> String {
            let location = ServiceLocation(
                endpoint: Endpoint(host: "s3.eu-west-1.amazonaws.com"),
                region: "eu-west-1",
                isConfigured: isConfigured
            )
            return S3.Place(bucket: bucket, key: "a/ü").request("GET", location).url
        }
        #expect(url("b", isConfigured: false) == "https://b.s3.eu-west-1.amazonaws.com/a/%C3%BC")
        #expect(url("b.c", isConfigured: false) == "https://s3.eu-west-1.amazonaws.com/b.c/a/%C3%BC")
        #expect(url("b", isConfigured: true) == "https://s3.eu-west-1.amazonaws.com/b/a/%C3%BC")
    }
}
