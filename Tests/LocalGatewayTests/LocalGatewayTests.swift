import AWSServices
import Foundation
import HTTPClient
import HTTPServer
import JSONText
import LocalGateway
import LocalLambdaModel
import Telemetry
import Testing

@Suite("One port for many services")
struct LocalGatewayTests {
    private func gateway(
        _ services: [String: Endpoint] = [:],
        keys: [AWSCredentials] = []
    ) -> LocalGateway {
        LocalGateway(
            LocalGateway.Handlers(
                lambda: { HTTPResponse(text: "lambda \($0.path)") },
                isLambda: { _, path in path.hasPrefix("/2015-03-31/") },
                isUnsigned: { $0.hasPrefix("/code/") },
                endpoints: { HTTPResponse(text: "endpoint \($0.path)") }
            ),
            services: services,
            keys: keys,
            logger: .silent
        )
    }

    private func request(
        _ method: String = "POST",
        _ target: String = "/",
        service: String? = nil,
        _ headers: HTTPHeaders = [:]
    ) throws -> HTTPRequest {
        var headers = headers
        if let service {
            headers.add(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AK/20261122/us-east-1/\(service)/aws4_request, SignedHeaders=host, Signature=0"
            )
        }
        return try HTTPRequest(method: method, target: target, headers: headers)
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test("what the server refuses has the form of the service that it was for")
    func serverRefusals() throws {
        func refuse(_ reason: RefusedRequest.Reason, _ service: String) throws -> HTTPResponse {
            gateway().refuse(RefusedRequest(reason, try request(service: service)))
        }
        let large = try refuse(.bodyTooLarge(limit: 10), "lambda")
        #expect(large.status == 413 && large.headers["x-amzn-ErrorType"] == "RequestTooLargeException")
        let message = "the request's body is larger than 10 bytes"
        #expect(try JSONValue(large.body)["message"]?.string == message)
        let ambiguous = try refuse(.ambiguousLength("two lengths"), "s3")
        #expect(ambiguous.status == 400 && ambiguous.headers["Content-Type"] == "text/xml")
        #expect(text(ambiguous).contains("<Code>ValidationException</Code><Message>two lengths</Message>"))
        #expect(gateway().refuse(RefusedRequest(.malformedTarget)).status == 400)
    }

    @Test("knows Lambda and SageMaker by signature and by path")
    func own() throws {
        let gateway = gateway()
        let invoke = "/2015-03-31/functions/f/invocations"
        #expect(try text(gateway.answer(request("POST", invoke, service: "lambda"))) == "lambda \(invoke)")
        #expect(try text(gateway.answer(request("POST", invoke))) == "lambda \(invoke)")
        #expect(try text(gateway.answer(request("GET", "/layers", service: "lambda"))) == "lambda /layers")
        let endpoint = "/endpoints/rcf/invocations"
        #expect(
            try text(gateway.answer(request("POST", endpoint, service: "sagemaker")))
                == "endpoint \(endpoint)"
        )
        #expect(try text(gateway.answer(request("POST", endpoint))) == "endpoint \(endpoint)")
        #expect(try gateway.answer(request("GET", LocalGateway.healthPath)).status == 200)
    }

    @Test("refuses a service without an address in the form that its clients read")
    func notConfigured() throws {
        let gateway = gateway()
        let json = gateway.answer(
            try request(service: "dynamodb", ["X-Amz-Target": "DynamoDB_20120810.PutItem"])
        )
        #expect(json.status == 400)
        #expect(try JSONValue(json.body)["__type"]?.string == "ServiceNotConfiguredException")
        #expect(text(json).contains("--service dynamodb="))
        let stream = gateway.answer(
            try request(service: "kinesis", ["Content-Type": "application/x-amz-json-1.1"])
        )
        #expect(stream.headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(stream.headers["x-amzn-ErrorType"] == "ServiceNotConfiguredException")
        let form: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"]
        #expect(
            try text(gateway.answer(request(service: "sns", form))).contains(
                "<Code>ServiceNotConfiguredException"
            )
        )
        #expect(try text(gateway.answer(request("GET", "/b/k", service: "s3"))).contains("<Error><Code>"))
        let unnamed = gateway.answer(try request())
        #expect(unnamed.status == 400 && text(unnamed).contains("UnknownServiceException"))
    }

    @Test("passes requests on whole, with their host, and answers back")
    func passesOn() throws {
        let server = try HTTPServer { request in
            let host = request.headers["Host"] ?? ""
            return HTTPResponse(
                status: 207,
                headers: ["X-Answer": "yes"],
                body: Array("\(request.method) \(request.target) \(host) ".utf8) + request.body
            )
        }
        defer { server.stop(within: .zero) }
        let endpoint = try #require(Endpoint("http://\(server.address)/base"))
        let gateway = gateway(["cloudwatch": endpoint, "dynamodb": endpoint])
        var sent = try request("PUT", "/a%20b?c=d%2F", service: "monitoring", ["Host": "original:1"])
        sent.body = [0, 1, 2, 255]
        let answer = gateway.answer(sent)
        #expect(answer.status == 207)
        #expect(answer.headers["X-Answer"] == "yes")
        #expect(answer.body == Array("PUT /base/a%20b?c=d%2F original:1 ".utf8) + [0, 1, 2, 255])
        let target = try request("POST", "/", ["X-Amz-Target": "DynamoDB_20120810.Query", "Host": "h"])
        #expect(text(gateway.answer(target)) == "POST /base/ h ")
    }

    @Test("passes on what HEAD asks for, with the length of a body that does not come")
    func head() throws {
        let server = try HTTPServer { request in
            guard request.path == "/b/k" else { return HTTPResponse(status: 404, text: "none") }
            return HTTPResponse(headers: ["ETag": "x"], body: [UInt8](repeating: 7, count: 100_000))
        }
        defer { server.stop(within: .zero) }
        let gateway = gateway(["s3": try #require(Endpoint("http://\(server.address)"))])
        let found = try gateway.answer(request("HEAD", "/b/k", service: "s3"))
        #expect(found.status == 200 && found.headers["ETag"] == "x")
        #expect(found.headBodyLength == 100_000 && found.body.isEmpty)
        let missing = try gateway.answer(request("HEAD", "/b/none", service: "s3"))
        #expect(missing.status == 404 && missing.headBodyLength == 4)
    }

    @Test("says that a service does not answer")
    func unreachable() throws {
        let endpoint = try #require(Endpoint("http://127.0.0.1:1"))
        let answer = gateway(["sqs": endpoint]).answer(try request(service: "sqs"))
        #expect(answer.status == 503)
        #expect(text(answer).contains("sqs"))
    }

    @Test("with keys takes what is signed with one of them, and no other request")
    func signatures() throws {
        let key = AWSCredentials(accessKeyID: "AK", secretAccessKey: "secret/+")
        let gateway = gateway(keys: [key])
        let server = try HTTPServer { gateway.answer($0) }
        defer { server.stop(within: .zero) }
        func status(_ signer: AWSCredentials?, path: String = "/2015-03-31/functions/a%3Ab") throws -> Int {
            let endpoint = try #require(Endpoint("http://\(server.address)"))
            var request = SignableRequest(
                "GET",
                endpoint,
                path: path,
                query: [.init("tagKeys", "a b"), .init("Marker", "x/y"), .init("tagKeys", "A")],
                fields: [.init("Content-Type", "application/json")]
            )
            if let signer {
                RequestSigner(service: "lambda", region: "us-east-1")
                    .sign(&request, with: signer, at: wallClockMilliseconds())
            }
            return try HTTPClientForTests.status(request)
        }
        #expect(try status(key) == 200)
        #expect(try status(AWSCredentials(accessKeyID: "AK", secretAccessKey: "other")) == 403)
        #expect(try status(AWSCredentials(accessKeyID: "AX", secretAccessKey: "secret/+")) == 403)
        #expect(try status(nil) == 403)
        #expect(try status(nil, path: "/code/1") == 200, "downloads need none")
    }
}
