public import AWSServices
import Foundation
import HTTPTestSupport
import KafkaTestSupport
import Telemetry

/// The peer for calls: moto, a server that answers as AWS does and is not ours. One for all tests of the process.
public final class Moto: Sendable {
    private let program: RunningProgram
    public let url: String

    public static let shared = Result { try Moto() }

    private init() throws {
        let port = try FreePort.any()
        program = try PythonPeers.start(Self.program, ["\(port)", "\(getpid())"])
        url = "http://127.0.0.1:\(port)"
        let program = program
        try program.wait { program.output.contains("ready") }
    }

    public var variables: [String: String] {
        [
            "AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
        ]
    }

    public var client: AWSClient { AWSClient(AWSStub.quickSettings, environment: AWSEnvironment(variables)) }

    /// Runs a program of boto3's against it, and gives what it printed.
    public func boto3(_ program: String, _ arguments: [String] = []) throws -> String {
        let run = try PythonPeers.run(
            "import boto3, json, sys\n" + program,
            arguments,
            environment: variables
        )
        guard run.status == 0 else { throw MotoError(description: run.errors) }
        return run.output
    }

    public struct MotoError: Error, CustomStringConvertible {
        public let description: String
    }

    /// Ends with the process that started it.
    private static let program = """
        import os, sys, threading, time, logging
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        from moto.server import ThreadedMotoServer
        server = ThreadedMotoServer("127.0.0.1", int(sys.argv[1]), verbose=False)
        server.start()
        print("ready", flush=True)
        parent = int(sys.argv[2])
        while os.path.exists(f"/proc/{parent}"):
            time.sleep(0.5)
        os._exit(0)
        """
}
