import Foundation
import HTTPServer
import JSONText
import LambdaControlPlane
import LocalLambdaModel
import Telemetry
import Testing

/// A control plane in a directory of its own, with a runner and mappings that are not real.
final class TestPlane {
    private(set) var directory: String
    let runner = FakeRunner()
    let mappings = FakeMappings()
    private(set) var plane: LambdaControlPlane
    let log = MemorySink()
    private let clusters: Set<String>

    /// A zip with one file `bootstrap`, as Python's zipfile writes it.
    static let zip =
        "UEsDBBQAAAAAAAAAIQAdnfsECgAAAAoAAAAJAAAAYm9vdHN0cmFwIyEvYmluL3NoClBLAQIUAxQAAAAAAAAAIQAdnfsECgAAAAoAAAAJAAAA"
        + "AAAAAAAAAADtgQAAAABib290c3RyYXBQSwUGAAAAAAEAAQA3AAAAMQAAAAAA"
    static let zipDigest = "0XM9a+nUdZYlMGHy5jdAxrySUDueXE5m3pMH97ptLnw="
    static let otherZip =
        "UEsDBBQAAAAAAAAAIQCGonf1DAAAAAwAAAAJAAAAYm9vdHN0cmFwIyEvYmluL3NoCjoKUEsBAhQDFAAAAAAAAAAhAIaid/UMAAAADAAAAAkA"
        + "AAAAAAAAAAAAAO2BAAAAAGJvb3RzdHJhcFBLBQYAAAAAAQABADcAAAAzAAAAAAA="
    /// With an entry `../up`.
    static let escapingZip =
        "UEsDBBQAAAAAAAAAIQCGonf1DAAAAAwAAAAFAAAALi4vdXAjIS9iaW4vc2gKOgpQSwECFAMUAAAAAAAAACEAhqJ39QwAAAAMAAAABQAAAAAA"
        + "AAAAAAAA7YEAAAAALi4vdXBQSwUGAAAAAAEAAQAzAAAALwAAAAAA"
    static let role = "arn:aws:iam::123456789012:role/lambda"
    static let cluster =
        "arn:aws:kafka:us-east-1:123456789012:cluster/demo/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2"

    /// - Parameter clusters: names of those that are known.
    init(clusters: Set<String> = ["demo"]) throws {
        self.clusters = clusters
        directory = NSTemporaryDirectory() + "timberline-plane-\(UUID().uuidString)"
        plane = try Self.plane(directory, runner, mappings, log, clusters)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private static func plane(
        _ directory: String,
        _ runner: FakeRunner,
        _ mappings: FakeMappings,
        _ log: MemorySink,
        _ clusters: Set<String>
    ) throws -> LambdaControlPlane {
        var settings = LambdaControlPlane.Settings()
        settings.isKnownCluster = { clusters.contains($0) }
        settings.problemOfPattern = { $0.contains("nonsense") ? "no operator" : nil }
        settings.problemOfAccess = { mapping in
            mapping.sourceAccess.contains { $0.uri == "missing" } ? "there is no secret missing" : nil
        }
        return LambdaControlPlane(
            try LambdaState(directory: directory, location: AWSLocation()),
            runner: runner,
            mappings: mappings,
            settings: settings,
            logger: Logger(sink: log)
        )
    }

    /// Goes on with what is on disk at this moment, as a process does that comes after one that was killed.
    func restart() throws {
        let before = directory
        let after = "\(before)-"
        try FileManager.default.copyItem(atPath: before, toPath: after)
        directory = after
        plane = try Self.plane(directory, runner, mappings, log, clusters)
        plane.resume()
        try FileManager.default.removeItem(atPath: before)
    }

    /// Sends a request; the whole answer.
    func send(
        _ method: String,
        _ target: String,
        _ body: String = "",
        headers: HTTPHeaders = [:]
    ) throws -> HTTPResponse {
        plane.answer(
            try HTTPRequest(method: method, target: target, headers: headers, body: Array(body.utf8))
        )
    }

    /// Sends a request that is to succeed; the body as a tree.
    @discardableResult
    func call(_ method: String, _ target: String, _ body: String = "", status: Int = 200) throws -> JSONValue
    {
        let answer = try send(method, target, body)
        try #require(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))")
        return answer.body.isEmpty ? .null : try JSONValue(answer.body)
    }

    /// Sends a request that is to fail; the error's name with its status, such as `404 ResourceNotFoundException`.
    func refusal(_ method: String, _ target: String, _ body: String = "") throws -> String {
        let answer = try send(method, target, body)
        let error = try JSONValue(answer.body)
        #expect(error["message"] == error["Message"], "both spellings")
        #expect(error["Type"]?.string != nil)
        return "\(answer.status) \(answer.headers["x-amzn-ErrorType"] ?? "")"
    }

    @discardableResult
    func createFunction(_ name: String = "scorer", _ more: String = "") throws -> JSONValue {
        try call("POST", "/2015-03-31/functions", Self.function(name, more), status: 201)
    }

    static func function(_ name: String = "scorer", _ more: String = "") -> String {
        """
        {"FunctionName": "\(name)", "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": "\(role)",
         "Code": {"ZipFile": "\(zip)"}\(more.isEmpty ? "" : ", " + more)}
        """
    }

    static func mapping(_ more: String = "", function: String = "scorer", topic: String = "logs") -> String {
        """
        {"FunctionName": "\(function)", "EventSourceArn": "\(cluster)", "Topics": ["\(topic)"],
         "StartingPosition": "LATEST"\(more.isEmpty ? "" : ", " + more)}
        """
    }
}
