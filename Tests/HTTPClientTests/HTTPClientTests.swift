import Foundation
import HTTPClient
import HTTPTestSupport
import KafkaTestSupport
import Synchronization
import Testing

@Suite(
    .ownThread,
    .enabled(if: HTTPStub.isAvailable, Comment(rawValue: HTTPStub.absence)),
    .timeLimit(.minutes(2))
)
struct HTTPClientTests {
    private func client(_ change: (inout HTTPClient.Settings) -> Void = { _ in }) -> HTTPClient {
        var settings = HTTPClient.Settings()
        change(&settings)
        return HTTPClient(settings)
    }

    private func failure(_ call: () throws -> Void) -> HTTPClientError? {
        do { try call() } catch { return error as? HTTPClientError }
        return nil
    }

    @Test("method, fields and body arrive as they are, and so does the answer")
    func roundTrip() throws {
        let stub = try HTTPStub()
        var plan = HTTPStub.Plan()
        plan.status = 201
        plan.fields = ["X-Colour": "green"]
        plan.body = "made"
        try stub.answer(plan)
        let body = String(repeating: "ü{}\n", count: 100_000)
        let client = client()
        for method in ["POST", "PUT"] {
            let answer = try client.send(
                .init(
                    method,
                    stub.url + "?a=b",
                    fields: [.init("Content-Type", "text/x"), .init("X-Empty", "")],
                    body: Array(body.utf8)
                )
            )
            #expect(answer.status == 201)
            #expect(answer["x-colour"] == "green")
            #expect(answer.body == Array("made".utf8))
        }
        #expect(try client.send(.init("GET", stub.url)).body == Array("made".utf8))
        #expect(try client.send(.init("HEAD", stub.url)).body.isEmpty)
        #expect(try client.send(.init("POST", stub.url, body: [])).status == 201)
        let requests = stub.requests
        #expect(requests.map(\.method) == ["POST", "PUT", "GET", "HEAD", "POST"])
        #expect(requests[0].body == body && requests[1].body == body)
        #expect(requests[0].path == "/records?a=b")
        #expect(requests[0].fields["content-type"] == "text/x")
        #expect(requests[0].fields["x-empty"] == "")
        #expect(requests[0].fields["expect"] == nil)
        #expect(requests[4].fields["content-length"] == "0")
    }

    @Test("requests one after the other share a connection; those at once do not wait for each other")
    func connections() throws {
        let stub = try HTTPStub()
        let client = client()
        for _ in 0..<5 { _ = try client.send(.init("GET", stub.url)) }
        #expect(Set(stub.requests.map(\.port)).count == 1)
        var plan = HTTPStub.Plan()
        plan.delay = 1
        try stub.answer(plan)
        let statuses = Mutex<[Int]>([])
        let start = ContinuousClock.now
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            let url = stub.url
            let threads = (0..<4).map { _ in
                Thread {
                    let status = (try? client.send(.init("POST", url, body: [1])).status) ?? 0
                    statuses.withLock { $0.append(status) }
                }
            }
            for thread in threads { thread.start() }
        }
        while statuses.withLock({ $0.count }) < 8, start.duration(to: .now) < .seconds(60) { usleep(10_000) }
        #expect(statuses.withLock { $0 } == Array(repeating: 200, count: 8))
        #expect(Set(stub.requests.suffix(8).map(\.port)).count == 8)
    }

    @Test("a connection that the server has closed meanwhile is replaced without a word")
    func staleConnection() throws {
        let first = try HTTPStub()
        let client = client()
        _ = try client.send(.init("POST", first.url, body: [1]))
        first.stop()
        let second = try HTTPStub(port: first.port)
        #expect(try client.send(.init("POST", second.url, body: [2])).status == 200)
    }

    @Test("a server that is silent is given up at the time limit")
    func timeout() throws {
        let stub = try HTTPStub()
        var plan = HTTPStub.Plan()
        plan.delay = 30
        try stub.answer(plan)
        let start = ContinuousClock.now
        let error = failure {
            _ = try client { $0.timeout = .milliseconds(300) }.send(.init("GET", stub.url))
        }
        #expect(error?.code == .timedOut && error?.isRetriable == true)
        #expect(start.duration(to: .now) < .seconds(20))
    }

    @Test("each failure has its code, and says whether another try may help")
    func failures() throws {
        let stub = try HTTPStub()
        var plan = HTTPStub.Plan()
        plan.hangsUp = true
        try stub.answer(plan)
        let lost = failure { _ = try client().send(.init("GET", stub.url)) }
        #expect(lost?.code == .connectionLost && lost?.isRetriable == true, "\(String(describing: lost))")
        let port = stub.port
        stub.stop()
        let refused = failure {
            _ = try client().send(.init("GET", "http://u:secret@127.0.0.1:\(port)/a?k=secret"))
        }
        #expect(refused?.code == .cannotConnect && refused?.isRetriable == true)
        #expect(
            refused?.message.contains("secret") == false && refused?.message.contains("\(port)/a") == true
        )
        #expect(
            failure { try client().checkConnection(to: "http://127.0.0.1:\(port)") }?.code == .cannotConnect
        )
        let unknown = failure { _ = try client().send(.init("GET", "http://no-such-host.invalid/")) }
        #expect(unknown?.code == .unresolvedHost && unknown?.isRetriable == true)
        for url in ["file:///etc/passwd", "ftp://127.0.0.1/", "http://", "http://a/\r\nHost: b"] {
            let error = failure { _ = try client().send(.init("GET", url)) }
            #expect(error?.code == .invalidRequest && error?.isRetriable == false, "\(url)")
        }
        let split = HTTPClient.Request("GET", "http://a/", fields: [.init("X", "1\nY: 2")])
        #expect(failure { _ = try client().send(split) }?.code == .invalidRequest)
        let authorities = failure {
            try client { $0.authorityFile = "/nowhere.pem" }.checkConnection(to: "https://127.0.0.1:\(port)")
        }
        #expect(authorities?.isRetriable != nil)
    }

    @Test("an answer of just the limit is taken, one byte more is not")
    func bodyLimit() throws {
        let stub = try HTTPStub()
        var plan = HTTPStub.Plan()
        plan.body = String(repeating: "x", count: 1_000)
        try stub.answer(plan)
        #expect(try client { $0.bodyLimit = 1_000 }.send(.init("GET", stub.url)).body.count == 1_000)
        let error = failure { _ = try client { $0.bodyLimit = 999 }.send(.init("GET", stub.url)) }
        #expect(error?.code == .responseTooLarge && error?.status == 200)
    }

    @Test("a redirect is an answer, not followed")
    func redirect() throws {
        let stub = try HTTPStub()
        var plan = HTTPStub.Plan()
        plan.status = 302
        plan.fields = ["Location": "/elsewhere"]
        try stub.answer(plan)
        let answer = try client().send(.init("GET", stub.url))
        #expect(answer.status == 302 && answer["Location"] == "/elsewhere")
        #expect(stub.requests.count == 1)
    }

    @Test(
        "only a certificate of the authorities given is trusted",
        .enabled(if: Command.exists("openssl"), "openssl is not installed")
    )
    func certificates() throws {
        let made = try Command.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "-", "-out",
                "-",
            ]
        )
        try #require(made.status == 0, "\(made.errors)")
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tls-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let pem = directory.appendingPathComponent("server.pem").path
        try made.output.write(toFile: pem, atomically: true, encoding: .utf8)
        let server = try RunningProgram("/usr/bin/env", ["python3", "-c", Self.tlsServer, pem])
        try server.wait { server.output.hasSuffix("\n") }
        let url = "https://127.0.0.1:\(server.output.dropLast())/"
        #expect(failure { _ = try client().send(.init("GET", url)) }?.code == .untrusted)
        let trusting = client { $0.authorityFile = pem }
        try trusting.checkConnection(to: url)
        #expect(try trusting.send(.init("GET", url)).status == 200)
        server.send(SIGKILL)
        _ = server.wait()
    }

    private static let tlsServer = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
            def log_message(self, *arguments):
                pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
}
