import Foundation
import HTTPServer
import JSONText
import LocalLambdaModel
import Testing

@testable import LambdaControlPlane

@Suite("Functions of a local Lambda")
struct FunctionTests {
    let plane: TestPlane

    init() throws { plane = try TestPlane() }

    @Test("are created with defaults, and shown the same by every operation")
    func create() throws {
        let created = try plane.createFunction()
        #expect(created["FunctionArn"]?.string == "arn:aws:lambda:us-east-1:123456789012:function:scorer")
        #expect(created["CodeSha256"]?.string == TestPlane.zipDigest)
        #expect(created["CodeSize"]?.integer == 126)
        #expect(created["Timeout"]?.integer == 3)
        #expect(created["MemorySize"]?.integer == 128)
        #expect(created["State"]?.string == "Active")
        #expect(created["Version"]?.string == "$LATEST")
        let time = try #require(created["LastModified"]?.string)
        #expect(time.hasSuffix("+0000") && time.utf8.count == 28, "\(time)")
        let shown = try plane.call("GET", "/2015-03-31/functions/scorer")
        #expect(shown["Configuration"] == created)
        #expect(try plane.call("GET", "/2015-03-31/functions/scorer/configuration") == created)
        #expect(try plane.call("GET", "/2015-03-31/functions/")["Functions"]?.array == [created])
    }

    @Test("are found by name, partial ARN and ARN, also with a slash at the end of the path")
    func names() throws {
        try plane.createFunction()
        for name in [
            "scorer", "123456789012:scorer", "123456789012:function:scorer:$LATEST",
            "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Ascorer",
        ] {
            #expect(
                try plane.call("GET", "/2015-03-31/functions/\(name)/configuration")["Version"]
                    == .string("$LATEST")
            )
            try plane.call("GET", "/2015-03-31/functions/\(name)/")
        }
        #expect(try plane.refusal("GET", "/2015-03-31/functions/other") == "404 ResourceNotFoundException")
        #expect(try plane.refusal("GET", "/2015-03-31/functions/scorer:7") == "404 ResourceNotFoundException")
        #expect(
            try plane.refusal("GET", "/2015-03-31/functions/a%20b") == "400 InvalidParameterValueException"
        )
        #expect(
            try plane.refusal("GET", "/2015-03-31/functions/scorer:1?Qualifier=2")
                == "400 InvalidParameterValueException"
        )
    }

    @Test("are unpacked with their modes, and their zip can be downloaded as it came")
    func code() throws {
        try plane.createFunction()
        let location = try #require(
            try plane.call("GET", "/2015-03-31/functions/scorer")["Code"]?["Location"]?.string
        )
        let path = try #require(location.firstRange(of: "/_timberline"))
        let answer = try plane.send("GET", String(location[path.lowerBound...]))
        #expect(answer.status == 200)
        #expect(Base64.encode(answer.body) == Array(TestPlane.zip.utf8))
        let digest = String(location.split(separator: "/").last ?? "")
        let bootstrap = "\(plane.directory)/code/\(digest)/bootstrap"
        #expect(FileManager.default.isExecutableFile(atPath: bootstrap))
        #expect(try plane.send("GET", "/_timberline/code/..%2Flocal.db").status == 404)
    }

    @Test(
        "are refused where a setting is not as on AWS",
        arguments: [
            (#""Timeout": 901"#, "timeout"), (#""Timeout": 0"#, "timeout"),
            (#""MemorySize": 127"#, "memorySize"),
            (#""MemorySize": 10241"#, "memorySize"), (#""Runtime": "cobol85""#, "runtime"),
            (#""Handler": "two words""#, "handler"), (#""Role": "admin""#, "role"),
            (#""Architectures": ["sparc"]"#, "architectures"), (#""EphemeralStorage": {"Size": 1}"#, "size"),
            (#""Environment": {"Variables": {"AWS_REGION": "x"}}"#, "AWS_REGION"),
            (#""Environment": {"Variables": {"1A": "x"}}"#, "1A"), (#""Layers": ["arn"]"#, "Layers"),
            (#""PackageType": "Image""#, "Image"), (#""Tags": {"aws:x": "y"}"#, "aws:"),
            (#""LoggingConfig": {"LogFormat": "XML"}"#, "logFormat"), (#""Description": 5"#, "Description"),
        ]
    )
    func settings(member: String, named: String) throws {
        let answer = try plane.send("POST", "/2015-03-31/functions", TestPlane.function("bad", member))
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(
            answer.status == 400 && answer.headers["x-amzn-ErrorType"] == "InvalidParameterValueException"
        )
        #expect(text.contains(named), "\(text)")
        #expect(try plane.call("GET", "/2015-03-31/functions")["Functions"]?.array == [])
    }

    @Test("are taken at the bounds of their settings")
    func bounds() throws {
        let variables =
            #""Environment": {"Variables": {"KEY": ""# + String(repeating: "x", count: 4_093) + #""}}"#
        try plane.createFunction("a", #""Timeout": 900, "MemorySize": 10240, "# + variables)
        let tooLong = variables.replacingOccurrences(of: "KEY", with: "KEYS")
        #expect(
            try plane.refusal("POST", "/2015-03-31/functions", TestPlane.function("b", tooLong))
                == "400 InvalidParameterValueException"
        )
    }

    @Test("are refused with code that is no safe zip, and nothing of it stays")
    func badCode() throws {
        for zip in ["bm90IGEgemlw", TestPlane.escapingZip, "no base64"] {
            let body = TestPlane.function().replacingOccurrences(of: TestPlane.zip, with: zip)
            #expect(
                try plane.refusal("POST", "/2015-03-31/functions", body)
                    == "400 InvalidParameterValueException"
            )
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: plane.directory + "/code") == [])
        #expect(!FileManager.default.fileExists(atPath: plane.directory + "/code/up"))
    }

    @Test("of one name are created once")
    func conflict() throws {
        try plane.createFunction()
        #expect(
            try plane.refusal("POST", "/2015-03-31/functions", TestPlane.function())
                == "409 ResourceConflictException"
        )
    }

    @Test("change in what a request names, get another revision, and the runner hears of it")
    func update() throws {
        let created = try plane.createFunction("scorer", #""Description": "kept""#)
        let changed = try plane.call(
            "PUT",
            "/2015-03-31/functions/scorer/configuration",
            #"{"Timeout": 30, "MemorySize": 1024, "Environment": {"Variables": {"LEVEL": "debug"}}}"#
        )
        #expect(changed["Timeout"]?.integer == 30)
        #expect(changed["Description"]?.string == "kept")
        #expect(changed["Environment"]?["Variables"]?["LEVEL"]?.string == "debug")
        #expect(changed["RevisionId"] != created["RevisionId"])
        #expect(plane.runner.changed.map(\.text) == ["scorer"])
        let stale = #"{"Timeout": 1, "RevisionId": "\#(created["RevisionId"]?.string ?? "")"}"#
        #expect(
            try plane.refusal("PUT", "/2015-03-31/functions/scorer/configuration", stale)
                == "412 PreconditionFailedException"
        )
        #expect(
            try plane.refusal("PUT", "/2015-03-31/functions/scorer/configuration", #"{"Timeout": 9000}"#)
                == "400 InvalidParameterValueException"
        )
        #expect(try plane.call("GET", "/2015-03-31/functions/scorer/configuration") == changed)
    }

    @Test("take new code, on trial without keeping it")
    func updateCode() throws {
        try plane.createFunction()
        let body = #"{"ZipFile": "\#(TestPlane.otherZip)""#
        try plane.call("PUT", "/2015-03-31/functions/scorer/code", body + #", "DryRun": true}"#)
        let before = try plane.call("GET", "/2015-03-31/functions/scorer/configuration")
        #expect(before["CodeSha256"]?.string == TestPlane.zipDigest)
        let after = try plane.call("PUT", "/2015-03-31/functions/scorer/code", body + "}")
        #expect(after["CodeSha256"] != before["CodeSha256"])
        #expect(after["RevisionId"] != before["RevisionId"])
    }

    @Test("are gone when they are deleted")
    func delete() throws {
        try plane.createFunction()
        try plane.call("DELETE", "/2015-03-31/functions/scorer")
        #expect(
            try plane.refusal("DELETE", "/2015-03-31/functions/scorer") == "404 ResourceNotFoundException"
        )
        #expect(try plane.refusal("GET", "/2015-03-31/functions/scorer") == "404 ResourceNotFoundException")
    }

    @Test("are listed in pages, in the order of their names")
    func pages() throws {
        for name in ["a", "a-b", "a_b", "b", "a1"] { try plane.createFunction(name) }
        var names: [String] = []
        var marker: String?
        repeat {
            let target = "/2015-03-31/functions?MaxItems=2" + (marker.map { "&Marker=\($0)" } ?? "")
            let page = try plane.call("GET", target.replacingOccurrences(of: " ", with: "%20"))
            let part = page["Functions"]?.array ?? []
            #expect(part.count <= 2)
            names += part.compactMap { $0["FunctionName"]?.string }
            marker = page["NextMarker"]?.string
        } while marker != nil
        #expect(names == ["a", "a-b", "a1", "a_b", "b"])
        #expect(
            try plane.refusal("GET", "/2015-03-31/functions?MaxItems=0")
                == "400 InvalidParameterValueException"
        )
    }

    @Test("have versions that do not change, and aliases that point to them")
    func versions() throws {
        try plane.createFunction("scorer", #""Publish": true"#)
        let again = try plane.call("POST", "/2015-03-31/functions/scorer/versions", status: 201)
        #expect(again["Version"]?.string == "1", "nothing has changed")
        try plane.call("PUT", "/2015-03-31/functions/scorer/configuration", #"{"Timeout": 60}"#)
        let second = try plane.call("POST", "/2015-03-31/functions/scorer/versions", status: 201)
        #expect(second["Version"]?.string == "2")
        #expect(second["FunctionArn"]?.string?.hasSuffix(":scorer:2") == true)
        #expect(
            try plane.call("GET", "/2015-03-31/functions/scorer/configuration?Qualifier=1")["Timeout"]?
                .integer == 3
        )
        let alias = try plane.call(
            "POST",
            "/2015-03-31/functions/scorer/aliases",
            #"{"Name": "live", "FunctionVersion": "1"}"#,
            status: 201
        )
        #expect(alias["AliasArn"]?.string?.hasSuffix(":scorer:live") == true)
        #expect(
            try plane.call("GET", "/2015-03-31/functions/scorer/configuration?Qualifier=live")["Timeout"]?
                .integer == 3
        )
        try plane.call("PUT", "/2015-03-31/functions/scorer/aliases/live", #"{"FunctionVersion": "2"}"#)
        #expect(
            try plane.call("GET", "/2015-03-31/functions/scorer:live/configuration")["Timeout"]?.integer == 60
        )
        #expect(
            try plane.refusal("DELETE", "/2015-03-31/functions/scorer?Qualifier=2")
                == "409 ResourceConflictException"
        )
        let versions = try plane.call("GET", "/2015-03-31/functions/scorer/versions")["Versions"]?.array ?? []
        #expect(versions.map { $0["Version"]?.string } == ["$LATEST", "1", "2"])
        try plane.call("DELETE", "/2015-03-31/functions/scorer/aliases/live", status: 204)
        #expect(
            try plane.refusal("GET", "/2015-03-31/functions/scorer/aliases/live")
                == "404 ResourceNotFoundException"
        )
        try plane.call("DELETE", "/2015-03-31/functions/scorer?Qualifier=2")
        #expect(try plane.refusal("GET", "/2015-03-31/functions/scorer:2") == "404 ResourceNotFoundException")
    }

    @Test("reserve concurrency, as far as the account has it")
    func concurrency() throws {
        try plane.createFunction()
        try plane.createFunction("other")
        let path = "/2017-10-31/functions/scorer/concurrency"
        #expect(try plane.call("GET", "/2019-09-30/functions/scorer/concurrency") == .object([:]))
        try plane.call("PUT", path, #"{"ReservedConcurrentExecutions": 900}"#)
        let shown = try plane.call("GET", "/2019-09-30/functions/scorer/concurrency")
        #expect(shown["ReservedConcurrentExecutions"]?.integer == 900)
        #expect(
            try plane.refusal(
                "PUT",
                "/2017-10-31/functions/other/concurrency",
                #"{"ReservedConcurrentExecutions": 1}"#
            ) == "400 InvalidParameterValueException"
        )
        try plane.call("PUT", path, #"{"ReservedConcurrentExecutions": 0}"#)
        let function = try #require(FunctionName("scorer"))
        #expect(plane.plane.state.definition(of: FunctionReference(function))?.reservedConcurrency == 0)
        try plane.call("DELETE", path, status: 204)
        #expect(plane.plane.state.definition(of: FunctionReference(function))?.reservedConcurrency == nil)
    }

    @Test("have tags, which can be added and taken away")
    func tags() throws {
        let arn = try #require(
            try plane.createFunction("scorer", #""Tags": {"team": "logs"}"#)["FunctionArn"]?.string
        )
        let path = "/2017-03-31/tags/" + arn.replacingOccurrences(of: ":", with: "%3A")
        try plane.call("POST", path, #"{"Tags": {"stage": "test", "cost": "1"}}"#, status: 204)
        try plane.call("DELETE", path + "?tagKeys=team&tagKeys=cost", status: 204)
        #expect(try plane.call("GET", path)["Tags"] == .object(["stage": .string("test")]))
        #expect(
            try plane.call("GET", "/2015-03-31/functions/scorer")["Tags"]
                == .object(["stage": .string("test")])
        )
        #expect(
            try plane.refusal("GET", "/2017-03-31/tags/arn%3Aaws") == "400 InvalidParameterValueException"
        )
    }

    @Test("paths that no operation has are refused by their name")
    func unknown() throws {
        #expect(try plane.refusal("GET", "/2015-03-31/layers") == "404 UnknownOperationException")
        #expect(try plane.refusal("PATCH", "/2015-03-31/functions") == "404 UnknownOperationException")
        #expect(
            try plane.refusal("POST", "/2015-03-31/functions", "{") == "400 InvalidParameterValueException"
        )
        #expect(
            try plane.refusal("POST", "/2015-03-31/functions", "[]") == "400 InvalidParameterValueException"
        )
    }
}
