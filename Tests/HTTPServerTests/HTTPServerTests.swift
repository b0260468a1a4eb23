import Foundation
import HTTPTestSupport
import Telemetry
import Testing

@testable import HTTPServer

/// A server that answers with what it was asked.
private func echo(_ change: (inout HTTPServer.Settings) -> Void = { _ in }) throws -> HTTPServer {
    var settings = HTTPServer.Settings()
    change(&settings)
    return try HTTPServer(settings) { request in
        HTTPResponse(
            headers: ["X-Path": request.path, "X-Tag": request.headers["x-tag"] ?? "none"],
            body: Array("\(request.method) \(request.target) ".utf8) + request.body
        )
    }
}

@Suite struct HTTPServerTests {
    @Test("answers on loopback, at a port that it found, request after request on one connection")
    func keepAlive() throws {
        let server = try echo()
        #expect(server.address.host == "127.0.0.1" && server.address.port > 0)
        let connection = try RawConnection(port: server.address.port)
        for index in 0..<20 {
            connection.send(
                "POST /a%20b?n=\(index) HTTP/1.1\r\nHost: x\r\nX-TAG: t\(index)\r\nContent-Length: 2\r\n\r\nhi"
            )
            let answer = try connection.answer()
            #expect(answer.status == 200)
            #expect(answer.body == "POST /a%20b?n=\(index) hi")
            #expect(answer.headers["x-path"] == "/a b")
            #expect(answer.headers["x-tag"] == "t\(index)")
        }
    }

    @Test("HEAD has the head of GET's answer and no body")
    func head() throws {
        let server = try echo()
        let connection = try RawConnection(port: server.address.port)
        connection.send("HEAD /p HTTP/1.1\r\nHost: x\r\n\r\nGET /q HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = try connection.answer(hasBody: false)
        #expect(answer.status == 200)
        #expect(answer.headers["content-length"] == "8")
        #expect(try connection.answer().body == "GET /q ")
    }

    @Test("an answer to HEAD states the length of a body that is elsewhere, an answer to GET its own")
    func headOfAbsentBody() throws {
        let server = try HTTPServer { request in
            var response = HTTPResponse(body: request.method == "GET" ? Array("all".utf8) : [])
            response.headBodyLength = 5_000_000_000
            return response
        }
        let connection = try RawConnection(port: server.address.port)
        connection.send("HEAD /p HTTP/1.1\r\nHost: x\r\n\r\nGET /q HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try connection.answer(hasBody: false).headers["content-length"] == "5000000000")
        let second = try connection.answer()
        #expect(second.headers["content-length"] == "3" && second.body == "all")
    }

    @Test("takes requests that come together, a byte at a time, and in chunks")
    func cuts() throws {
        let server = try echo()
        let connection = try RawConnection(port: server.address.port)
        connection.send(String(repeating: "GET /p HTTP/1.1\r\nHost: x\r\n\r\n", count: 3))
        for _ in 0..<3 { #expect(try connection.answer().body == "GET /p ") }
        for byte in "POST /q HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".utf8 {
            connection.send(bytes: [byte])
        }
        #expect(try connection.answer().body == "POST /q abc")
        connection.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        #expect(try connection.answer().body == "POST /c abcde")
    }

    @Test("a large body arrives whole, on any number of threads", arguments: [1, 3])
    func largeBody(threads: Int) throws {
        let server = try echo { $0.threads = threads }
        let body = (0..<700_000).map { UInt8(97 + $0 % 26) }
        let connection = try RawConnection(port: server.address.port)
        connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
        connection.send(bytes: body)
        let answer = try connection.answer()
        #expect(answer.body == "POST / " + String(decoding: body, as: UTF8.self))
    }

    @Test("bodies that are too large may be read to their end: they are answered, and the connection goes on")
    func oversizedBodies() throws {
        var settings = HTTPServer.Settings()
        settings.bodyLimit = 10
        settings.readsOversizedBodies = true
        let server = try HTTPServer(
            settings,
            refused: { HTTPResponse(status: $0.status, text: "\($0.request?.path ?? "") \($0.reason)") },
            handler: { HTTPResponse(text: "\($0.path) \($0.body.count)") }
        )
        let connection = try RawConnection(port: server.address.port)
        let refusal = "/p \(RefusedRequest.Reason.bodyTooLarge(limit: 10))"
        for (length, status, body) in [
            (10, 200, "/p 10"), (11, 413, refusal), (300_000, 413, refusal), (3, 200, "/p 3"),
        ] {
            connection.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n")
            connection.send(bytes: [UInt8](repeating: 97, count: length))
            let answer = try connection.answer()
            #expect(answer.status == status && answer.body == body)
        }
        connection.send("POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.send("b\r\nabcdefghijk\r\n0\r\n\r\n")
        #expect(try connection.answer().body == refusal)
        connection.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n")
        #expect(try connection.answer().status == 413, "who asks first need not send")
        #expect(connection.isEnded())
    }

    @Test("the answer to what the server refuses is the one that it is given")
    func refusals() throws {
        var settings = HTTPServer.Settings()
        settings.bodyLimit = 10
        let server = try HTTPServer(
            settings,
            refused: { HTTPResponse(status: 418, text: "\($0.request?.path ?? "nowhere") \($0.reason)") },
            handler: { _ in HTTPResponse() }
        )
        for (head, words) in [
            ("POST /p HTTP/1.1\r\nContent-Length: 11", "/p \(RefusedRequest.Reason.bodyTooLarge(limit: 10))"),
            ("POST /p HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2", "/p ambiguousLength"),
            ("GET /%zz HTTP/1.1", "nowhere \(RefusedRequest.Reason.malformedTarget)"),
        ] {
            let connection = try RawConnection(port: server.address.port)
            connection.send("\(head)\r\nHost: x\r\n\r\n")
            let answer = try connection.answer()
            #expect(answer.status == 418 && answer.body.hasPrefix(words), "\(answer)")
            #expect(connection.isEnded())
        }
    }

    @Test("with a thread for each connection, handlers that wait hold up nobody, and a stop answers them")
    func threadPerConnection() throws {
        let isReleased = Locked(false)
        var settings = HTTPServer.Settings()
        settings.hasThreadPerConnection = true
        let server = try HTTPServer(settings) { request in
            while request.path == "/wait", !isReleased.withLock({ $0 }) { usleep(1_000) }
            return HTTPResponse(text: request.path)
        }
        let kept = try (0..<8).map { _ in try RawConnection(port: server.address.port) }
        for connection in kept {
            connection.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try connection.answer().body == "/first")
        }
        for connection in kept.dropLast() { connection.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n") }
        for _ in 0..<5 {
            kept[7].send("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try kept[7].answer().body == "/quick")
            #expect(try httpGet("/new", port: server.address.port).body == "/new")
        }
        isReleased.withLock { $0 = true }
        server.stop(within: .seconds(20))
        for connection in kept.dropLast() { #expect(try connection.answer().body == "/wait") }
    }

    @Test(
        "a body at the limit is taken, one byte more is answered with 413, announced or in chunks",
        arguments: [true, false]
    )
    func bodyLimit(announced: Bool) throws {
        let server = try echo { $0.bodyLimit = 1_000 }
        for (count, status) in [(1_000, 200), (1_001, 413)] {
            let connection = try RawConnection(port: server.address.port)
            let body = String(repeating: "x", count: count)
            if announced {
                connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(count)\r\n\r\n\(body)")
            } else {
                connection.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                connection.send("\(String(count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
            }
            #expect(try connection.answer().status == status)
            #expect(try httpGet("/", port: server.address.port).status == 200)
        }
    }

    @Test(
        "a request whose length could be read in two ways is refused, and its connection ended",
        arguments: [
            "Content-Length: 3\r\nContent-Length: 5", "Content-Length: 3\r\nContent-Length: 3",
            "Content-Length: 3\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 3",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity", "Content-Length: +3", "Content-Length: 3, 3", "Content-Length: -1",
            "Content-Length: 0x3", "Content-Length: 99999999999999999999", "Content-Length : 3",
        ]
    )
    func smuggling(head: String) throws {
        let server = try echo()
        let connection = try RawConnection(port: server.address.port)
        connection.send("POST /first HTTP/1.1\r\nHost: x\r\n\(head)\r\n\r\n")
        connection.send("0\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = try connection.answer()
        #expect((400..<500).contains(answer.status), "\(answer)")
        #expect(connection.isEnded())
        #expect(try httpGet("/", port: server.address.port).status == 200)
    }

    @Test(
        "what is no request is refused, and the server goes on",
        arguments: [
            "nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX-Long: LONG\r\n\r\n",
            "GET /LONG HTTP/1.1\r\nHost: x\r\n\r\n",
        ]
    )
    func malformed(text: String) throws {
        let server = try echo()
        let connection = try RawConnection(port: server.address.port)
        connection.send(text.replacing("LONG", with: String(repeating: "x", count: 40_000)))
        // Where there was no request there may be no answer, but the end comes.
        if let answer = try? connection.answer() { #expect((400..<500).contains(answer.status), "\(answer)") }
        #expect(try httpGet("/", port: server.address.port).status == 200)
    }

    @Test("a client that sends a byte now and then is ended, and one that sends nothing")
    func slowClients() throws {
        let server = try echo {
            $0.idleLimit = .milliseconds(400)
            $0.receiveLimit = .milliseconds(400)
        }
        let silent = try RawConnection(port: server.address.port)
        let trickles = [
            "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n",
        ]
        for head in trickles {
            let slow = try RawConnection(port: server.address.port)
            slow.send(head)
            var sent = 0
            while slow.send("x"), sent < 4_000 {
                sent += 1
                usleep(5_000)
            }
            #expect(sent < 4_000, "20 s, a byte at a time, and the connection still stood")
        }
        #expect(silent.isEnded())
        #expect(try httpGet("/", port: server.address.port).status == 200)
    }

    @Test("a thousand idle connections do not keep a request waiting")
    func idleConnections() throws {
        let server = try echo { $0.connectionLimit = 2_000 }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        // Each takes a descriptor on both sides.
        let count = min(1_000, (Int(limit.rlim_cur) - 200) / 2)
        let idle = try (0..<count).map { _ in try RawConnection(port: server.address.port) }
        #expect(try httpGet("/", port: server.address.port).status == 200)
        withExtendedLifetime(idle) {}
    }

    @Test("stopping answers what is under way, takes no new connection, and ends idle ones")
    func drain() throws {
        let (started, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let server = try HTTPServer { _ in
            started.signal()
            mayEnd.wait()
            return HTTPResponse(text: "late")
        }
        let port = server.address.port
        let idle = try RawConnection(port: port)
        let busy = try RawConnection(port: port)
        busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        started.wait()
        let stopped = DispatchSemaphore(value: 0)
        nonisolated(unsafe) let stopping = server
        // Its owner waits below and touches it no more.
        Thread.detachNewThread {
            stopping.stop(within: .seconds(20))
            stopped.signal()
        }
        while (try? RawConnection(port: port)) != nil { usleep(1_000) }
        mayEnd.signal()
        let answer = try busy.answer()
        #expect(answer.body == "late")
        #expect(answer.headers["connection"] == "close")
        #expect(busy.isEnded() && idle.isEnded())
        #expect(stopped.wait(timeout: .now() + 20) == .success)
    }

    @Test("stopping answers requests on connections that nobody had time to accept")
    func drainOfWaitingConnections() throws {
        let (started, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let server = try HTTPServer { request in
            if request.path == "/busy" {
                started.signal()
                mayEnd.wait()
            }
            return HTTPResponse(text: request.path)
        }
        let port = server.address.port
        let busy = try RawConnection(port: port)
        busy.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n")
        started.wait()
        // The server's only thread is in the handler: these are connected by the system alone.
        let waiting = try (0..<5).map { _ in try RawConnection(port: port) }
        for connection in waiting { connection.send("GET /waiting HTTP/1.1\r\nHost: x\r\n\r\n") }
        let stopped = DispatchSemaphore(value: 0)
        nonisolated(unsafe) let stopping = server
        // Its owner waits below and touches it no more.
        Thread.detachNewThread {
            stopping.stop(within: .seconds(20))
            stopped.signal()
        }
        while (try? RawConnection(port: port)) != nil { usleep(1_000) }
        mayEnd.signal()
        #expect(try busy.answer().body == "/busy")
        for connection in waiting { #expect(try connection.answer().body == "/waiting") }
        #expect(stopped.wait(timeout: .now() + 20) == .success)
    }

    @Test("stopping under load: every request that was sent on an open connection has its answer")
    func drainUnderLoad() throws {
        let server = try echo { $0.threads = 2 }
        let port = server.address.port
        let (answered, lost) = (Locked(0), Locked(0))
        let group = DispatchGroup()
        for _ in 0..<8 {
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                while let connection = try? RawConnection(port: port) {
                    var last: ContinuousClock.Instant?
                    var isClosing = false
                    while !isClosing, connection.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n"),
                        let answer = try? connection.answer()
                    {
                        last = .now
                        answered.withLock { $0 += 1 }
                        isClosing = answer.headers["connection"] == "close"
                    }
                    // One that paused is idle, and may be ended.
                    let isIdle = last.map { $0.duration(to: .now) >= HTTPServer.drainGrace } ?? false
                    if !isClosing, !isIdle { lost.withLock { $0 += 1 } }
                }
            }
        }
        while answered.withLock({ $0 }) < 500 { usleep(1_000) }
        server.stop(within: .seconds(20))
        group.wait()
        #expect(lost.withLock { $0 } == 0)
    }

    @Test("an address that cannot be listened on is an error that names it")
    func addressErrors() throws {
        let server = try echo()
        var settings = HTTPServer.Settings()
        settings.address = server.address
        let taken = #expect(throws: HTTPServerError.self) { try HTTPServer(settings) { _ in HTTPResponse() } }
        #expect(taken?.code == .cannotListen)
        #expect(taken?.message == "listen on \(server.address): Address already in use")
        settings.address = ListenAddress(host: "no-such-host.invalid", port: 0)
        let unknown = #expect(throws: HTTPServerError.self) {
            try HTTPServer(settings) { _ in HTTPResponse() }
        }
        #expect(unknown?.code == .unknownHost)
        #expect(unknown?.message.contains("no-such-host.invalid:0") == true)
    }
}
