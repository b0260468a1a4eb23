import HTTPTestSupport
import JSONText
import KafkaTestSupport
import LambdaRuntime
import Testing

@Suite(
    .ownThread,
    .enabled(if: HTTPStub.isAvailable, Comment(rawValue: HTTPStub.absence)),
    .timeLimit(.minutes(2))
)
struct HTTPRuntimeInterfaceTests {
    private func plan(_ status: Int, _ body: String = "", _ fields: [String: String] = [:]) -> HTTPStub.Plan {
        var plan = HTTPStub.Plan()
        plan.status = status
        plan.body = body
        plan.fields = fields
        return plan
    }

    private static let fields = [
        "Lambda-Runtime-Aws-Request-Id": "r1", "Lambda-Runtime-Deadline-Ms": "1767607200123",
        "Lambda-Runtime-Invoked-Function-Arn": "arn:f", "Lambda-Runtime-Trace-Id": "Root=1-2;Sampled=1",
        "Lambda-Runtime-Client-Context": #"{"a":1}"#, "Lambda-Runtime-Cognito-Identity": "c",
        "Lambda-Runtime-Aws-Tenant-Id": "t",
    ]

    @Test("asks for an event and takes what is said of it")
    func next() throws {
        let stub = try HTTPStub(plan(200, #"{"records":[]}"#, Self.fields))
        let interface = HTTPRuntimeInterface(address: "127.0.0.1:\(stub.port)")
        let invocation = try interface.next()
        #expect(
            invocation
                == Invocation(
                    requestID: "r1",
                    deadlineMilliseconds: 1_767_607_200_123,
                    functionARN: "arn:f",
                    traceID: "Root=1-2;Sampled=1",
                    clientContext: #"{"a":1}"#,
                    cognitoIdentity: "c",
                    tenantID: "t",
                    event: Array(#"{"records":[]}"#.utf8)
                )
        )
        #expect(stub.requests.map(\.path) == ["/2018-06-01/runtime/invocation/next"])
    }

    @Test("hands in answers, errors and init errors as the contract says, over one connection")
    func answers() throws {
        let stub = try HTTPStub(plan(202, #"{"status":"OK"}"#))
        let interface = HTTPRuntimeInterface(address: "127.0.0.1:\(stub.port)")
        let error = FunctionError(type: "Test.Failed", message: "line\none")
        #expect(try interface.respond(to: "r1", with: Array("{}".utf8)) == .accepted)
        #expect(try interface.fail("r2", with: error) == .accepted)
        try interface.failInitialization(with: error)
        let requests = stub.requests
        #expect(
            requests.map(\.path) == [
                "/2018-06-01/runtime/invocation/r1/response", "/2018-06-01/runtime/invocation/r2/error",
                "/2018-06-01/runtime/init/error",
            ]
        )
        #expect(requests[0].body == "{}")
        for request in requests.dropFirst() {
            #expect(request.fields["lambda-runtime-function-error-type"] == "Test.Failed")
            #expect(request.fields["content-type"] == "application/vnd.aws.lambda.error+json")
            let body = try JSONValue(Array(request.body.utf8))
            #expect(body["errorMessage"]?.string == "line\none" && body["errorType"]?.string == "Test.Failed")
        }
        #expect(Set(requests.map(\.port)).count == 1)
    }

    @Test("tells apart what a refused answer means")
    func refused() throws {
        let stub = try HTTPStub(
            plan(413, #"{"errorMessage":"Exceeded","errorType":"RequestEntityTooLarge"}"#)
        )
        let interface = HTTPRuntimeInterface(address: "127.0.0.1:\(stub.port)")
        #expect(try interface.respond(to: "r", with: []) == .tooLarge("Exceeded"))
        try stub.answer(plan(403, #"{"errorMessage":"State transition"}"#))
        #expect(try interface.respond(to: "r", with: []) == .refused("State transition"))
        try stub.answer(plan(400, "no JSON"))
        #expect(try interface.respond(to: "r", with: []) == .refused("no JSON"))
        try stub.answer(plan(500, "broken"))
        #expect(throws: RuntimeInterfaceError.self) { try interface.respond(to: "r", with: []) }
        #expect(throws: RuntimeInterfaceError.self) { try interface.next() }
        try stub.answer(plan(200, "{}"))
        // An invocation that cannot be answered.
        #expect(throws: RuntimeInterfaceError.self) { try interface.next() }
        stub.stop()
        #expect(throws: RuntimeInterfaceError.self) { try interface.next() }
    }
}
