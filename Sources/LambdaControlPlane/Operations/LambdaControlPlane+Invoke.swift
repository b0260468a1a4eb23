import HTTPServer
import JSONText
import LocalLambdaModel

extension LambdaControlPlane {
    func invoke(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let headers = call.request.headers
        let type = headers["X-Amz-Invocation-Type"] ?? "RequestResponse"
        let isEvent = type == "Event"
        guard ["Event", "RequestResponse", "DryRun"].contains(type) else {
            throw ControlPlaneError.invalid(
                "invocationType",
                type,
                "Member must satisfy enum value set: [Event, RequestResponse, DryRun]"
            )
        }
        let payload = try Self.payload(
            call.request.body,
            limit: isEvent
                ? InvocationRequest.asynchronousPayloadLimit : InvocationRequest.synchronousPayloadLimit,
            type: type
        )
        _ = try find(function)
        if type == "DryRun" { return APIAnswer(status: 204, body: []) }
        let request = InvocationRequest(
            function,
            payload: payload,
            clientContext: try headers["X-Amz-Client-Context"].map(Self.clientContext),
            traceID: headers["X-Amzn-Trace-Id"],
            wantsLogTail: headers["X-Amz-Log-Type"] == "Tail"
        )
        if isEvent { return try enqueue(request) }
        return try Self.answer(runner.invoke(request))
    }

    private func enqueue(_ request: InvocationRequest) throws(ControlPlaneError) -> APIAnswer {
        do throws(InvocationRefusal) {
            let id = try runner.enqueue(request)
            return APIAnswer(status: 202, headers: ["x-amzn-RequestId": id], body: [])
        } catch {
            throw ControlPlaneError(error)
        }
    }

    private static func answer(_ result: InvocationResult) throws(ControlPlaneError) -> APIAnswer {
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "x-amzn-RequestId": result.requestID,
            "X-Amz-Executed-Version": result.executedVersion,
        ]
        if !result.logTail.isEmpty {
            headers.add("X-Amz-Log-Result", String(decoding: Base64.encode(result.logTail), as: UTF8.self))
        }
        switch result.outcome {
        case .success(let payload): return APIAnswer(headers: headers, body: payload)
        case .functionError(let payload):
            headers.add("X-Amz-Function-Error", "Unhandled")
            return APIAnswer(headers: headers, body: payload)
        case .refused(let refusal): throw ControlPlaneError(refusal)
        }
    }

    private static func payload(_ body: [UInt8], limit: Int, type: String) throws -> [UInt8] {
        guard !body.isEmpty else { return Array("{}".utf8) }
        guard body.count <= limit else {
            throw ControlPlaneError(
                .requestTooLarge,
                "\(body.count) byte payload is too large for the \(type) invocation type (limit \(limit) bytes)"
            )
        }
        do throws(JSONError) {
            var json = JSONReader(body)
            try json.skipValue()
            try json.finish()
        } catch {
            throw ControlPlaneError(
                .invalidRequestContent,
                "Could not parse request body into json: \(error)"
            )
        }
        return body
    }

    private static func clientContext(_ text: String) throws -> String {
        guard let bytes = try? Base64.decode(Array(text.utf8)),
            let json = String(validating: bytes, as: UTF8.self),
            (try? JSONValue(bytes)) != nil
        else {
            throw ControlPlaneError(
                .invalidRequestContent,
                "Client context must be a valid Base64-encoded JSON object."
            )
        }
        return json
    }
}
