import Testing

@testable import HTTPServer

@Suite struct RequestTests {
    @Test("the path is decoded once, the query by name")
    func target() throws {
        let request = try HTTPRequest(target: "/a%2Fb/%C3%A9%2541?x=1&y=a+b%26&z&x=2&q%3D=5")
        #expect(request.path == "/a/b/é%41")
        #expect(request.query("x") == "1")
        #expect(request.query("y") == "a b&")
        #expect(request.query("z") == "")
        #expect(request.query("q=") == "5")
        #expect(request.query("none") == nil)
        #expect(request.queryValues("x") == ["1", "2"])
        #expect(request.queryValues("none").isEmpty)
    }

    @Test(
        "a target that is no path is refused",
        arguments: ["", "*", "a", "/%", "/%4", "/%4g", "/%00", "/%C3", "?a"]
    )
    func malformed(target: String) {
        #expect(throws: MalformedTarget.self) { try HTTPRequest(target: target) }
    }

    @Test("routes: by path and method; HEAD as GET; 404, and 405 with what there is")
    func routes() throws {
        var routes = HTTPRoutes()
        routes.add("GET", "/a") { _ in HTTPResponse(text: "get") }
        routes.add("POST", "/a") { _ in HTTPResponse(text: "post") }
        func answer(_ method: String, _ target: String) throws -> HTTPResponse {
            routes.answer(try HTTPRequest(method: method, target: target))
        }
        #expect(try answer("GET", "/a?b") == HTTPResponse(text: "get"))
        #expect(try answer("HEAD", "/a") == HTTPResponse(text: "get"))
        #expect(try answer("POST", "/a") == HTTPResponse(text: "post"))
        #expect(try answer("GET", "/a/").status == 404)
        let refused = try answer("PUT", "/a")
        #expect(refused.status == 405)
        #expect(refused.headers["allow"] == "GET, HEAD, POST")
    }

    @Test(
        "listen addresses",
        arguments: [
            ("127.0.0.1:0", ListenAddress()), ("localhost:80", ListenAddress(host: "localhost", port: 80)),
            ("[::1]:65535", ListenAddress(host: "::1", port: 65_535)), ("::1:80", nil), ("x", nil),
            ("x:", nil),
            (":80", nil), ("x:65536", nil), ("x:-1", nil), ("x:+1", nil), ("[]:1", nil),
        ] as [(String, ListenAddress?)]
    )
    func addresses(text: String, address: ListenAddress?) {
        #expect(ListenAddress(text) == address)
        if let address { #expect(address.description == text) }
    }
}
