import AWSTestSupport
import Foundation
import HTTPTestSupport
import KafkaTestSupport
import SeededNumbers

@testable import TimberlineCLI

/// `timberline serve` as a program of its own, on a free port of loopback.
struct EndpointProgram {
    let program: RunningProgram
    let port: UInt16

    init(_ scratch: Scratch, _ arguments: [String], environment: [String: String] = [:]) throws {
        let started = try scratch.start(["serve"] + arguments, environment: environment)
        try started.wait { started.errors.contains("event=endpoint_listening") || !started.isRunning }
        guard let match = started.errors.firstMatch(of: /address=[^ ]*:(\d+)\n/), let port = UInt16(match.1)
        else {
            throw RealKafkaError(message: "it does not listen: \(started.errors)")
        }
        program = started
        self.port = port
    }

    func post(
        _ body: String,
        to path: String = "/invocations",
        type: String = "application/json"
    ) throws -> RawConnection.Answer {
        try Self.post(body, to: path, type: type, on: RawConnection(port: port))
    }

    static func post(
        _ body: String,
        to path: String = "/invocations",
        type: String = "application/json",
        on connection: RawConnection
    ) throws -> RawConnection.Answer {
        connection.send(
            "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body
        )
        return try connection.answer()
    }

    /// Ends it as a supervisor does; its exit code.
    func terminate() -> Int32 {
        program.send(SIGTERM)
        return program.wait()
    }
}

extension Scratch {
    /// Rows of a service at rest, with the names of their values in the first line.
    func writeFeatures(_ name: String = "features.csv", count: Int = 2_000, header: Bool = true) throws
        -> String
    {
        var random = SeededGenerator(seed: 11)
        var text = header ? "response_time,status,bytes\n" : ""
        for _ in 0..<count {
            let time = Double(Int.random(in: 300..<600, using: &random)) / 1_000
            text += "\(time),200,\(Int.random(in: 1_000..<1_400, using: &random))\n"
        }
        return try write(name, text)
    }

    /// A model of such rows, trained by the command.
    func trainModel(_ name: String = "model.timberline") throws -> String {
        let result = try run(["train", "--input", writeFeatures(), "--output", path(name)])
        guard result.code == .success else { throw RealKafkaError(message: result.errors) }
        return path(name)
    }
}
