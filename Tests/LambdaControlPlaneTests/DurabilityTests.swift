import Foundation
import JSONText
import LocalLambdaModel
import Testing

@testable import LambdaControlPlane

@Suite("What a local Lambda keeps")
struct DurabilityTests {
    let plane: TestPlane

    init() throws { plane = try TestPlane() }

    @Test("is the same for a process that comes after one that was killed")
    func restart() throws {
        try plane.createFunction(
            "scorer",
            """
            "Publish": true, "Tags": {"a": "b"}, "Environment": {"Variables": {"KEY": "v"}}, "Timeout": 7,
            "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": []},
            "LoggingConfig": {"LogFormat": "JSON"}
            """
        )
        try plane.call("PUT", "/2015-03-31/functions/scorer/configuration", #"{"MemorySize": 256}"#)
        try plane.call(
            "POST",
            "/2015-03-31/functions/scorer/aliases",
            #"{"Name": "live", "FunctionVersion": "1", "Description": "d"}"#,
            status: 201
        )
        try plane.call(
            "PUT",
            "/2017-10-31/functions/scorer/concurrency",
            #"{"ReservedConcurrentExecutions": 5}"#
        )
        func everything() throws -> [JSONValue] {
            try [
                "/2015-03-31/functions/scorer", "/2015-03-31/functions/scorer/versions",
                "/2015-03-31/functions/scorer/aliases", "/2016-08-19/account-settings",
            ].map { try plane.call("GET", $0) }
        }
        let before = try everything()
        try plane.restart()
        #expect(try everything() == before)
        let second = try plane.call("POST", "/2015-03-31/functions/scorer/versions", status: 201)
        #expect(second["Version"]?.string == "2")
    }

    @Test("is not what a request that failed has begun")
    func unfinished() throws {
        try plane.createFunction()
        let code = plane.directory + "/code"
        let kept = try Set(FileManager.default.contentsOfDirectory(atPath: code))
        #expect(kept.count == 2, "packed and unpacked")
        try FileManager.default.createDirectory(
            atPath: code + "/.new-1/deep",
            withIntermediateDirectories: true
        )
        try Data("x".utf8).write(to: URL(fileURLWithPath: code + "/.new-1/deep/file"))
        let unused = String(repeating: "0", count: 64)
        try FileManager.default.createDirectory(
            atPath: code + "/\(unused)",
            withIntermediateDirectories: true
        )
        try Data("x".utf8).write(to: URL(fileURLWithPath: code + "/\(unused).zip"))
        try plane.restart()
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: plane.directory + "/code")) == kept)
    }

    @Test("is code for as long as something may run it")
    func retention() throws {
        let storage = try CodeStorage(directory: plane.directory + "/other/code")
        let first = try storage.store(Base64.decode(Array(TestPlane.zip.utf8)))
        let second = try storage.store(Base64.decode(Array(TestPlane.otherZip.utf8)))
        let start = ContinuousClock.now
        storage.retire(except: [second.sha256], at: start)
        storage.retire(except: [second.sha256], at: start + CodeStorage.retention - .seconds(1))
        #expect(FileManager.default.fileExists(atPath: first.directory))
        storage.retire(except: [second.sha256], at: start + CodeStorage.retention)
        #expect(!FileManager.default.fileExists(atPath: first.directory))
        #expect(FileManager.default.fileExists(atPath: second.directory + "/bootstrap"))
    }

    @Test("is one process's at a time")
    func oneProcess() throws {
        let error = #expect(throws: StateError.self) {
            try LambdaState(directory: plane.directory, location: AWSLocation())
        }
        #expect(error?.message.contains("another process") == true)
    }

    @Test("that cannot be read is named, and nothing is thrown away")
    func damaged() throws {
        try plane.createFunction()
        let name = try #require(FunctionName("scorer"))
        try StateStore(path: plane.directory + "/local.db")
            .save(function: name, #"{"latest": {"configuration": {}}}"#)
        let error = #expect(throws: StateError.self) { try plane.restart() }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("scorer") == true)
        #expect(try StateStore(path: plane.directory + "/local.db").functions().count == 1)
    }
}
