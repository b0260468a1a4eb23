import Foundation
import KafkaTestSupport

/// An HTTP endpoint that is not ours: Python's `http.server`, which answers as the test says and notes
/// every request. Ends with this object.
public final class HTTPStub: Sendable {
    private let directory: URL
    private let program: RunningProgram
    public let port: UInt16

    public static var isAvailable: Bool { Command.exists("python3") }
    public static let absence = "python3 is not installed"

    /// How requests are answered from now on.
    public struct Plan: Encodable, Sendable {
        public var status = 200
        /// Fields of the answer.
        public var fields: [String: String] = [:]
        /// Seconds before the answer.
        public var delay = 0.0
        public var body = "ok"
        /// A request whose body holds this text is answered with `poisonStatus`.
        public var poison: String?
        public var poisonStatus = 400
        /// The connection ends without an answer.
        public var hangsUp = false

        public init() {}
    }

    /// What was asked.
    public struct Request: Decodable, Sendable {
        public var method: String
        public var path: String
        /// Names in lower case.
        public var fields: [String: String]
        public var body: String
        /// The client's port: the same for requests of one connection.
        public var port: Int
        /// The status of the answer; 0 for none.
        public var status: Int
    }

    /// - Parameter port: a free one for 0.
    public init(_ plan: Plan = Plan(), port: UInt16 = 0) throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("timberline-stub-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Self.write(plan, directory)
        program = try RunningProgram(
            "/usr/bin/env",
            ["python3", "-c", Self.script, directory.path, "\(port)"]
        )
        let program = program
        try program.wait { program.output.hasSuffix("\n") }
        self.port = UInt16(program.output.split(separator: "\n")[0]) ?? 0
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: directory)
    }

    public var url: String { "http://127.0.0.1:\(port)/records" }

    public func answer(_ plan: Plan) throws { try Self.write(plan, directory) }

    /// The requests so far that were read whole, in the order of their answers.
    public var requests: [Request] {
        let text =
            (try? String(contentsOf: directory.appendingPathComponent("requests"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap {
            try? JSONDecoder().decode(Request.self, from: Data($0.utf8))
        }
    }

    public func stop() {
        program.send(SIGKILL)
        _ = program.wait()
    }

    private static func write(_ plan: Plan, _ directory: URL) throws {
        try JSONEncoder().encode(plan).write(to: directory.appendingPathComponent("plan"), options: .atomic)
    }

    private static let script = """
        import http.server, json, os, sys, threading, time
        directory = sys.argv[1]
        lock = threading.Lock()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8", "replace")
                with open(os.path.join(directory, "plan")) as file:
                    plan = json.load(file)
                time.sleep(plan["delay"])
                poison = plan.get("poison")
                status = plan["poisonStatus"] if poison and poison in body else plan["status"]
                if plan["hangsUp"]:
                    status = 0
                note = {"method": self.command, "path": self.path, "body": body, "port": self.client_address[1],
                    "fields": {name.lower(): value for name, value in self.headers.items()}, "status": status}
                with lock, open(os.path.join(directory, "requests"), "a") as file:
                    file.write(json.dumps(note) + "\\n")
                if plan["hangsUp"]:
                    self.close_connection = True
                    return
                answer = plan["body"].encode()
                self.send_response(status)
                for name, value in plan["fields"].items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)
            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any
            def log_message(self, *arguments):
                pass
        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128
        server = Server(("127.0.0.1", int(sys.argv[2])), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
}
