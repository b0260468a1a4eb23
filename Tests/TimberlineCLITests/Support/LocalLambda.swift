import Foundation
import HTTPClient
import JSONText
import KafkaTestSupport
import Testing

/// `timberline local` as a process, which may be killed and started again on its data, and Lambda's API of it.
final class LocalLambda {
    private let scratch: Scratch
    private let arguments: [String]
    private let client: HTTPClient
    private var running: LocalProgram

    var program: RunningProgram { running.program }
    var url: String { running.url }

    struct Answer {
        var status: Int
        var errorType: String?
        var json: JSONValue

        init(_ response: HTTPClient.Response) throws {
            status = response.status
            errorType = response["x-amzn-ErrorType"]
            json = response.body.isEmpty ? .null : try JSONValue(response.body)
        }

        var message: String { json["message"]?.string ?? "" }
    }

    /// What is shown of a mapping.
    struct MappingStatus: Equatable {
        var state: String
        var result: String
    }

    static let functionFailed = "PROBLEM: Function call failed"

    /// - Parameter cluster: what mappings name as `demo`.
    init(_ scratch: Scratch, cluster: TestCluster? = nil, _ more: [String] = []) throws {
        self.scratch = scratch
        var settings = HTTPClient.Settings()
        settings.timeout = .seconds(120)
        client = HTTPClient(settings)
        arguments =
            (cluster.map { ["--cluster", "demo=\($0.brokers)"] } ?? [])
            // As short as brokers take it: the time after a kill until the group has another member.
            + ["--kafka-property", "session.timeout.ms=6000"] + more
        running = try LocalProgram(scratch, arguments)
    }

    // MARK: The process

    func kill() {
        program.send(SIGKILL)
        _ = program.wait()
    }

    /// On the same data, after a kill.
    func restart() throws {
        running = try LocalProgram(scratch, arguments)
    }

    /// Ends it as a supervisor does; its exit code.
    func terminate() -> Int32 {
        program.send(SIGTERM)
        return program.wait()
    }

    /// Processes that functions have started, in whatever session: they are in the directories of the functions' code.
    var functionProcesses: [pid_t] { Processes.working(below: scratch.path("data") + "/code") }

    // MARK: The API

    @discardableResult
    func call(_ method: String, _ path: String, _ body: String? = nil) throws -> Answer {
        let request = HTTPClient.Request(method, url + path, body: body.map { Array($0.utf8) })
        return try Answer(client.send(request))
    }

    /// A call that has to succeed.
    @discardableResult
    func expect(_ method: String, _ path: String, _ body: String? = nil) throws -> JSONValue {
        let answer = try call(method, path, body)
        try #require((200..<300).contains(answer.status), "\(answer.status) \(answer.message)")
        return answer.json
    }

    static let functions = "/2015-03-31/functions"
    static let mappings = "/2015-03-31/event-source-mappings"

    /// The body of CreateFunction.
    ///
    /// - Parameter more: further members.
    static func function(
        _ name: String,
        zip: String,
        variables: [String: String] = [:],
        _ more: String = #""Timeout": 30"#
    ) -> String {
        #"""
        {"FunctionName": "\#(name)", "Runtime": "provided.al2023", "Handler": "bootstrap",
        "Role": "arn:aws:iam::123456789012:role/r", "Code": {"ZipFile": "\#(zip)"},
        "Environment": \#(environment(variables)), \#(more)}
        """#
    }

    private static func environment(_ variables: [String: String]) -> String {
        let members = variables.map { #""\#($0.key)": "\#($0.value)""# }.joined(separator: ", ")
        return #"{"Variables": {\#(members)}}"#
    }

    func setVariables(_ variables: [String: String], of function: String, _ more: String = "") throws {
        try expect(
            "PUT",
            "\(Self.functions)/\(function)/configuration",
            #"{"Environment": \#(Self.environment(variables))\#(more)}"#
        )
    }

    static func cluster(_ name: String = "demo") -> String {
        "arn:aws:kafka:us-east-1:123456789012:cluster/\(name)/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2"
    }

    /// The body of CreateEventSourceMapping, from the topic's beginning.
    static func mapping(
        _ function: String,
        _ topic: String,
        arn: String = LocalLambda.cluster(),
        _ more: String = #""BatchSize": 100"#
    ) -> String {
        #"""
        {"FunctionName": "\#(function)", "Topics": ["\#(topic)"], "StartingPosition": "TRIM_HORIZON",
        "EventSourceArn": "\#(arn)", \#(more)}
        """#
    }

    /// Creates a mapping; its UUID.
    func map(_ function: String, _ topic: String, _ more: String = #""BatchSize": 100"#) throws -> String {
        let made = try expect("POST", Self.mappings, Self.mapping(function, topic, more))
        return try #require(made["UUID"]?.string)
    }

    func status(_ mapping: String) throws -> MappingStatus {
        let shown = try expect("GET", "\(Self.mappings)/\(mapping)")
        return MappingStatus(
            state: shown["State"]?.string ?? "",
            result: shown["LastProcessingResult"]?.string ?? ""
        )
    }

    func waitForResult(_ text: String, of mapping: String) throws {
        try program.wait(90) { try status(mapping).result == text }
    }
}
