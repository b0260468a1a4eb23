import HTTPServer
import JSONText
import LambdaControlPlane
import LocalLambdaModel
import Testing

@Suite("Event source mappings through Lambda's API")
struct MappingTests {
    let plane: TestPlane
    private static let path = "/2015-03-31/event-source-mappings"

    init() throws {
        plane = try TestPlane()
        try plane.createFunction()
    }

    private func create(_ more: String = "", topic: String = "logs") throws -> JSONValue {
        try plane.call("POST", Self.path, TestPlane.mapping(more, topic: topic), status: 202)
    }

    @Test("are created with defaults, started, and shown")
    func defaults() throws {
        let created = try create()
        let id = try #require(created["UUID"]?.string)
        #expect(created["State"]?.string == "Creating")
        #expect(created["BatchSize"]?.integer == 100)
        #expect(created["MaximumBatchingWindowInSeconds"] == nil)
        #expect(created["LastModified"]?.double != nil)
        #expect(created["FunctionArn"]?.string == "arn:aws:lambda:us-east-1:123456789012:function:scorer")
        #expect(created["AmazonManagedKafkaEventSourceConfig"]?["ConsumerGroupId"]?.string == id)
        #expect(
            created["EventSourceMappingArn"]?.string
                == "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:\(id)"
        )
        let running = try #require(plane.mappings.applied.first)
        #expect(running.id.text == id)
        #expect(running.topic == "logs")
        #expect(running.batchingWindowMilliseconds == 500)
        let shown = try plane.call("GET", "\(Self.path)/\(id.uppercased())")
        #expect(shown["State"]?.string == "Enabled")
        #expect(try plane.call("GET", Self.path)["EventSourceMappings"]?.array == [shown])
    }

    @Test("of other clusters carry their servers, and everything that can be set comes back")
    func everything() throws {
        let body = """
            {"FunctionName": "123456789012:function:scorer:$LATEST", "Topics": ["t.2"], "StartingPosition": "AT_TIMESTAMP",
             "StartingPositionTimestamp": 1767225600.5, "BatchSize": 10000, "MaximumBatchingWindowInSeconds": 0,
             "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["127.0.0.1:9092", "b:1"]}},
             "SelfManagedKafkaEventSourceConfig": {"ConsumerGroupId": "group/1"}, "Enabled": false,
             "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": "arn:aws:secretsmanager:x:1:secret:s"}],
             "FilterCriteria": {"Filters": [{"Pattern": "{\\"value\\": {\\"level\\": [\\"ERROR\\"]}}"}]},
             "ProvisionedPollerConfig": {"MinimumPollers": 2, "MaximumPollers": 3}, "MaximumRetryAttempts": 5,
             "MaximumRecordAgeInSeconds": 60, "BisectBatchOnFunctionError": true, "Tags": {"a": "b"},
             "FunctionResponseTypes": ["ReportBatchItemFailures"],
             "DestinationConfig": {"OnFailure": {"Destination": "kafka://dead"}}}
            """
        let created = try plane.call("POST", Self.path, body, status: 202)
        let running = try #require(plane.mappings.applied.first)
        #expect(running.source == .selfManaged(servers: ["127.0.0.1:9092", "b:1"]))
        #expect(running.startingPosition == .atTimestamp(1_767_225_600_500))
        #expect(running.batchingWindowMilliseconds == 0)
        #expect(running.maximumRetryAttempts == 5)
        #expect(running.maximumRecordAgeSeconds == 60)
        #expect(running.bisectsBatchOnFunctionError && running.reportsBatchItemFailures && !running.isEnabled)
        #expect(running.onFailureDestination == "kafka://dead")
        #expect(running.provisionedPollers == ProvisionedPollers(minimum: 2, maximum: 3))
        #expect(running.function == FunctionReference("scorer:$LATEST"))
        let sent = try JSONValue(Array(body.utf8)).object ?? [:]
        for (name, value) in sent where !["FunctionName", "Enabled", "Tags"].contains(name) {
            #expect(created[name] == value, "\(name)")
        }
        let before = try plane.call("GET", "\(Self.path)/\(running.id)")
        try plane.restart()
        #expect(plane.mappings.applied.first == running)
        #expect(try plane.call("GET", "\(Self.path)/\(running.id)") == before)
    }

    @Test(
        "are refused where a setting is not as on AWS",
        arguments: [
            #""BatchSize": 0"#, #""BatchSize": 10001"#, #""MaximumBatchingWindowInSeconds": 301"#,
            #""StartingPosition": "AT_TIMESTAMP""#, #""StartingPosition": "NOW""#,
            #""StartingPositionTimestamp": 5"#, #""Topics": ["a", "b"]"#, #""Topics": [".a"]"#,
            #""Topics": []"#,
            #""EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:queue""#,
            #""EventSourceArn": "arn:aws:kafka:us-east-1:123456789012:cluster/other/1""#,
            #""SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["a:1"]}}"#,
            #""MaximumRetryAttempts": 3"#, #""BisectBatchOnFunctionError": true"#,
            #""FunctionResponseTypes": ["ReportBatchItemFailures"]"#, #""MaximumRecordAgeInSeconds": 60"#,
            #""ProvisionedPollerConfig": {"MinimumPollers": 5, "MaximumPollers": 4}"#,
            #""ProvisionedPollerConfig": {"MinimumPollers": 1}, "MaximumRecordAgeInSeconds": 59"#,
            #""DestinationConfig": {"OnFailure": {"Destination": "arn:aws:lambda:x:1:function:f"}}"#,
            #""ProvisionedPollerConfig": {"MinimumPollers": 1}, "DestinationConfig": {"OnFailure": {"Destination": "kafka://logs"}}"#,
            #""DestinationConfig": {"OnFailure": {"Destination": "kafka://dead"}}"#,
            #""TumblingWindowInSeconds": 10"#, #""ParallelizationFactor": 2"#,
            #""SourceAccessConfigurations": [{"Type": "IAM_AUTH", "URI": "x"}]"#,
            #""SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": "x"}]"#,
            #""SourceAccessConfigurations": [{"Type": "SASL_SCRAM_256_AUTH", "URI": "x"}]"#,
            #""SourceAccessConfigurations": [{"Type": "SASL_SCRAM_512_AUTH"}]"#,
            #""SourceAccessConfigurations": [{"Type": "SASL_SCRAM_512_AUTH", "URI": "x"}, {"Type": "CLIENT_CERTIFICATE_TLS_AUTH", "URI": "y"}]"#,
            #""ProvisionedPollerConfig": {"MinimumPollers": 0}"#,
            #""ProvisionedPollerConfig": {"MinimumPollers": 201}"#,
            #""ProvisionedPollerConfig": {"MaximumPollers": 2001}"#,
            #""ProvisionedPollerConfig": {"PollerGroupName": "a b"}"#,
            #""FilterCriteria": {"Filters": [{"Pattern": "nonsense"}]}"#,
            #""FilterCriteria": {"Filters": [{"Pattern": "{\"nonsense\": []}"}]}"#,
            #""FilterCriteria": {"Filters": [{"Pattern": "{}"},{"Pattern": "{}"},{"Pattern": "{}"},{"Pattern": "{}"},{"Pattern": "{}"},{"Pattern": "{}"}]}"#,
            #""AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "a b"}"#,
            #""AmazonManagedKafkaEventSourceConfig": {"SchemaRegistryConfig": {}}"#,
        ]
    )
    func refused(member: String) throws {
        #expect(
            try plane.refusal("POST", Self.path, TestPlane.mapping(member))
                == "400 InvalidParameterValueException"
        )
        #expect(plane.mappings.applied.isEmpty)
    }

    @Test(
        "show the pollers that they are given, the default for what is not said, and none after an empty object"
    )
    func pollers() throws {
        let created = try create(#""ProvisionedPollerConfig": {"PollerGroupName": "all_logs-1"}"#)
        let id = try #require(created["UUID"]?.string)
        func shown() throws -> JSONValue? {
            try plane.call("GET", "\(Self.path)/\(id)")["ProvisionedPollerConfig"]
        }
        func expected(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }
        #expect(
            try shown()
                == expected(#"{"MinimumPollers": 1, "MaximumPollers": 200, "PollerGroupName": "all_logs-1"}"#)
        )
        let change = #"{"ProvisionedPollerConfig": {"MinimumPollers": 3, "MaximumPollers": 2000}}"#
        try plane.call("PUT", "\(Self.path)/\(id)", change, status: 202)
        #expect(try shown() == expected(#"{"MinimumPollers": 3, "MaximumPollers": 2000}"#))
        try plane.call("PUT", "\(Self.path)/\(id)", #"{"ProvisionedPollerConfig": {}}"#, status: 202)
        #expect(try shown() == nil)
    }

    @Test("are not made, or changed, where their secret cannot be read")
    func secrets() throws {
        func access(_ uri: String) -> String {
            #""SourceAccessConfigurations": [{"Type": "SASL_SCRAM_512_AUTH", "URI": "\#(uri)"}]"#
        }
        let refused = try plane.send("POST", Self.path, TestPlane.mapping(access("missing")))
        let message = try JSONValue(refused.body)["message"]?.string ?? ""
        #expect(refused.status == 400 && message.contains("Cannot access secret manager value"))
        #expect(message.contains("there is no secret missing"))
        let made = try plane.call("POST", Self.path, TestPlane.mapping(access("some")), status: 202)
        let path = "\(Self.path)/\(try #require(made["UUID"]?.string))"
        let change = "{\(access("missing"))}"
        #expect(try plane.refusal("PUT", path, change) == "400 InvalidParameterValueException")
        #expect(
            try plane.call("GET", path)["SourceAccessConfigurations"] == made["SourceAccessConfigurations"]
        )
    }

    @Test("need a source, a topic and a function that is there")
    func missing() throws {
        #expect(
            try plane.refusal("POST", Self.path, #"{"FunctionName": "scorer", "StartingPosition": "LATEST"}"#)
                == "400 InvalidParameterValueException"
        )
        #expect(
            try plane.refusal("POST", Self.path, TestPlane.mapping(function: "other"))
                == "404 ResourceNotFoundException"
        )
        #expect(
            try plane.refusal("POST", Self.path, TestPlane.mapping(function: "scorer:live"))
                == "404 ResourceNotFoundException"
        )
    }

    @Test("of one function and topic exist once, until the first is deleted")
    func conflict() throws {
        let id = try #require(try create()["UUID"]?.string)
        #expect(try plane.refusal("POST", Self.path, TestPlane.mapping()) == "409 ResourceConflictException")
        _ = try create(topic: "others")
        plane.mappings.setStopsAtOnce(false)
        try plane.call("DELETE", "\(Self.path)/\(id)", status: 202)
        _ = try create()
    }

    @Test("take changes while they run, and keep what was not changed")
    func update() throws {
        let id = try #require(try create(#""MaximumBatchingWindowInSeconds": 2"#)["UUID"]?.string)
        let updated = try plane.call("PUT", "\(Self.path)/\(id)", #"{"BatchSize": 500}"#, status: 202)
        #expect(updated["State"]?.string == "Updating")
        #expect(updated["MaximumBatchingWindowInSeconds"]?.integer == 2)
        #expect(plane.mappings.applied.first?.batchSize == 500)
        let disabled = try plane.call("PUT", "\(Self.path)/\(id)", #"{"Enabled": false}"#, status: 202)
        #expect(disabled["State"]?.string == "Disabling")
        #expect(try plane.call("GET", "\(Self.path)/\(id)")["State"]?.string == "Disabled")
        let enabled = try plane.call("PUT", "\(Self.path)/\(id)", #"{"Enabled": true}"#, status: 202)
        #expect(enabled["State"]?.string == "Enabling")
        #expect(
            try plane.refusal("PUT", "\(Self.path)/\(id)", #"{"BatchSize": 0}"#)
                == "400 InvalidParameterValueException"
        )
        #expect(
            try plane.refusal("PUT", "\(Self.path)/X", #"{"BatchSize": 5}"#)
                == "404 ResourceNotFoundException"
        )
    }

    @Test("are shown while they stop, and are gone then, also for a new process")
    func delete() throws {
        let id = try #require(try create()["UUID"]?.string)
        plane.mappings.setStopsAtOnce(false)
        #expect(try plane.call("DELETE", "\(Self.path)/\(id)", status: 202)["State"]?.string == "Deleting")
        #expect(try plane.call("GET", "\(Self.path)/\(id)")["State"]?.string == "Deleting")
        #expect(try plane.refusal("DELETE", "\(Self.path)/\(id)") == "409 ResourceConflictException")
        plane.mappings.setStopsAtOnce(true)
        #expect(try plane.refusal("GET", "\(Self.path)/\(id)") == "404 ResourceNotFoundException")
        try plane.restart()
        #expect(try plane.call("GET", Self.path)["EventSourceMappings"]?.array == [])
    }

    @Test("are listed by function and by source")
    func list() throws {
        try plane.createFunction("other")
        _ = try create()
        try plane.call("POST", Self.path, TestPlane.mapping(function: "other"), status: 202)
        func count(_ query: String) throws -> Int? {
            try plane.call("GET", Self.path + query)["EventSourceMappings"]?.array?.count
        }
        #expect(try count("") == 2)
        #expect(try count("?FunctionName=other") == 1)
        #expect(try count("?EventSourceArn=\(TestPlane.cluster)") == 2)
        #expect(try count("?EventSourceArn=arn:aws:kafka:x") == 0)
        let first = try plane.call("GET", Self.path + "?MaxItems=1")
        #expect(first["EventSourceMappings"]?.array?.count == 1)
        #expect(try count("?Marker=\(first["NextMarker"]?.string ?? "")") == 1)
    }

    @Test("have tags of their own")
    func tags() throws {
        let arn = try #require(try create(#""Tags": {"a": "b"}"#)["EventSourceMappingArn"]?.string)
        #expect(try plane.call("GET", "/2017-03-31/tags/\(arn)")["Tags"] == .object(["a": .string("b")]))
        try plane.call("POST", "/2017-03-31/tags/\(arn)", #"{"Tags": {"c": "d"}}"#, status: 204)
        try plane.restart()
        let tags = try plane.call("GET", "/2017-03-31/tags/\(arn)")["Tags"]
        #expect(tags == .object(["a": .string("b"), "c": .string("d")]))
    }
}
