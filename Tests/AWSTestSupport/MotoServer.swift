public import AWSServices
import Foundation
import HTTPClient
import KafkaTestSupport

/// AWS's services as moto simulates them, in a process of its own that all tests of this one share. It takes any
/// signature.
public final class MotoServer: Sendable {
    private let program: RunningProgram
    public let port: UInt16

    public static let isAvailable =
        (try? Command.run("python3", ["-c", "import boto3, flask, moto.server"]).status) == 0
    public static let absence = "moto[server] and boto3 are not installed"

    /// Started by whoever asks first.
    public static func shared() throws -> MotoServer { try result.get() }

    private static let result = Result { try MotoServer() }

    private init() throws {
        program = try RunningProgram("/usr/bin/env", ["python3", "-c", Self.script])
        let program = program
        try program.wait { program.output.hasSuffix("\n") }
        port = UInt16(program.output.split(separator: "\n")[0]) ?? 0
    }

    public var url: String { "http://127.0.0.1:\(port)" }

    public var environment: AWSEnvironment { AWSEnvironment(variables) }

    /// For programs: where the services are, and credentials that are good enough.
    public var variables: [String: String] {
        [
            "AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIDMOTO", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_EC2_METADATA_DISABLED": "true",
        ]
    }

    public func client() -> AWSClient {
        var settings = AWSClient.Settings()
        settings.http.timeout = .seconds(60)
        return AWSClient(settings, environment: environment)
    }

    /// Runs Python with boto3 as a peer that is not ours; what it prints is read as JSON.
    ///
    /// - Parameter script: has `boto3`, `json` and `client(service)`.
    public func boto<Value: Decodable>(_ script: String, as type: Value.Type = Value.self) throws -> Value {
        let prelude = """
            import boto3, decimal, json
            def client(service): return boto3.client(service, endpoint_url="\(url)")
            """
        let command = try Command.run(
            "python3",
            ["-c", prelude + "\n" + script],
            environment: variables.merging(["AWS_ENDPOINT_URL_SQS": url]) { $1 }
        )
        guard command.status == 0 else {
            throw RealKafkaError(message: "boto3: \(command.errors)")
        }
        return try JSONDecoder().decode(type, from: Data(command.output.utf8))
    }

    /// Ends by itself when the tests' process has ended.
    private static let script = """
        import os, threading, time
        parent = os.getppid()
        def watch():
            while os.getppid() == parent:
                time.sleep(0.5)
            os._exit(0)
        threading.Thread(target=watch, daemon=True).start()
        from moto.server import ThreadedMotoServer
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        print(server.get_host_and_port()[1], flush=True)
        threading.Event().wait()
        """
}
