import HTTPServer
import JSONText
import LambdaControlPlane
import LocalLambdaModel
import Testing

@Suite("Invocations through Lambda's API")
struct InvokeTests {
    let plane: TestPlane
    private static let path = "/2015-03-31/functions/scorer/invocations"

    init() throws {
        plane = try TestPlane()
        try plane.createFunction()
    }

    @Test("give the function's answer, its version, and the end of its log where that is wanted")
    func success() throws {
        plane.runner.answer(.success(Array(#"{"b":2}"#.utf8)))
        let answer = try plane.send(
            "POST",
            Self.path,
            #"{"a":1}"#,
            headers: [
                "X-Amz-Log-Type": "Tail", "X-Amz-Client-Context": "eyJjIjozfQ==", "X-Amzn-Trace-Id": "Root=1",
            ]
        )
        #expect(answer.status == 200)
        #expect(answer.body == Array(#"{"b":2}"#.utf8))
        #expect(answer.headers["X-Amz-Executed-Version"] == "$LATEST")
        #expect(answer.headers["x-amzn-RequestId"] == "request-1")
        #expect(answer.headers["X-Amz-Log-Result"] == "RU5ECg==")
        #expect(answer.headers["X-Amz-Function-Error"] == nil)
        let request = try #require(plane.runner.invoked.first)
        #expect(request.payload == Array(#"{"a":1}"#.utf8))
        #expect(request.clientContext == #"{"c":3}"#)
        #expect(request.traceID == "Root=1")
    }

    @Test("without a payload have an empty object as event")
    func noPayload() throws {
        try plane.call("POST", Self.path)
        #expect(plane.runner.invoked.first?.payload == Array("{}".utf8))
    }

    @Test("of a function that fails are answered with 200 and the error")
    func functionError() throws {
        plane.runner.answer(.functionError(Array(#"{"errorMessage":"no"}"#.utf8)))
        let answer = try plane.send("POST", Self.path, "{}")
        #expect(answer.status == 200)
        #expect(answer.headers["X-Amz-Function-Error"] == "Unhandled")
        #expect(answer.body == Array(#"{"errorMessage":"no"}"#.utf8))
    }

    @Test("are queued as events, or not run at all")
    func types() throws {
        let event = try plane.send("POST", Self.path, "{}", headers: ["X-Amz-Invocation-Type": "Event"])
        #expect(event.status == 202 && event.body.isEmpty)
        #expect(event.headers["x-amzn-RequestId"] == "request-2")
        #expect(plane.runner.queued.count == 1)
        let trial = try plane.send("POST", Self.path, "{}", headers: ["X-Amz-Invocation-Type": "DryRun"])
        #expect(trial.status == 204)
        #expect(plane.runner.invoked.isEmpty)
        let other = try plane.send("POST", Self.path, "{}", headers: ["X-Amz-Invocation-Type": "Later"])
        #expect(other.status == 400)
    }

    @Test("that are throttled say why, and when to try again")
    func throttled() throws {
        let refusal = InvocationRefusal(
            .tooManyRequests,
            "Rate Exceeded.",
            throttleReason: .reservedConcurrency
        )
        plane.runner.answer(.refused(refusal))
        let answer = try plane.send("POST", Self.path, "{}")
        #expect(answer.status == 429)
        #expect(answer.headers["x-amzn-ErrorType"] == "TooManyRequestsException")
        #expect(answer.headers["Retry-After"] == "1")
        #expect(
            try JSONValue(answer.body)["Reason"]?.string
                == "ReservedFunctionConcurrentInvocationLimitExceeded"
        )
        plane.runner.refuseEvents(refusal)
        #expect(
            try plane.send("POST", Self.path, "{}", headers: ["X-Amz-Invocation-Type": "Event"]).status == 429
        )
    }

    @Test(
        "end with the model's status for each refusal",
        arguments: [
            (InvocationRefusal.Code.resourceNotFound, 404), (.requestTooLarge, 413),
            (.invalidRequestContent, 400),
            (.invalidRuntime, 502), (.resourceConflict, 409), (.service, 500),
        ]
    )
    func refusals(code: InvocationRefusal.Code, status: Int) throws {
        plane.runner.answer(.refused(InvocationRefusal(code, "why")))
        #expect(try plane.refusal("POST", Self.path, "{}") == "\(status) \(code.rawValue)")
    }

    @Test("take 6 MiB and not a byte more, an event 1 MiB")
    func limits() throws {
        func payload(_ count: Int) -> String { "\"" + String(repeating: "x", count: count - 2) + "\"" }
        try plane.call("POST", Self.path, payload(6 << 20))
        #expect(try plane.refusal("POST", Self.path, payload(6 << 20 + 1)) == "413 RequestTooLargeException")
        let headers: HTTPHeaders = ["X-Amz-Invocation-Type": "Event"]
        #expect(try plane.send("POST", Self.path, payload(1 << 20), headers: headers).status == 202)
        #expect(try plane.send("POST", Self.path, payload(1 << 20 + 1), headers: headers).status == 413)
    }

    @Test("with a payload that is no JSON, or of a function that is not there, are refused")
    func refused() throws {
        #expect(try plane.refusal("POST", Self.path, "{nope") == "400 InvalidRequestContentException")
        #expect(
            try plane.refusal("POST", "/2015-03-31/functions/other/invocations", "{}")
                == "404 ResourceNotFoundException"
        )
        #expect(
            try plane.refusal("POST", Self.path + "?Qualifier=live", "{}") == "404 ResourceNotFoundException"
        )
    }
}
