import Foundation
import HTTPServer
import JSONText
import Telemetry
import Testing

@testable import ModelEndpoint

private func routes(
    _ metrics: EndpointMetrics = EndpointMetrics(),
    limits: TransformLimits = TransformLimits()
) throws -> EndpointRoutes {
    let models = ModelRegistry(["rcf-anomaly-endpoint": try serviceModel(), "second": try serviceModel()])
    return EndpointRoutes(models: models, standard: "rcf-anomaly-endpoint", limits: limits, metrics: metrics)
}

private func post(_ path: String, _ body: String, _ headers: HTTPHeaders = [:]) throws -> HTTPRequest {
    try HTTPRequest(method: "POST", target: path, headers: headers, body: Array(body.utf8))
}

private let runtimePath = "/endpoints/rcf-anomaly-endpoint/invocations"
private let row = #"{"instances":[{"features":[0.45,200,1200]}]}"#

@Suite struct EndpointRoutesTests {
    @Test("bare rows get bare numbers, instances get objects, on both paths")
    func scores() throws {
        let routes = try routes()
        for path in ["/invocations", runtimePath] {
            let bare = routes.answer(try post(path, "[[0.45, 200, 1200], [40, 500, 1]]"))
            #expect(bare.status == 200 && bare.headers["Content-Type"] == "application/json")
            let scores = try #require(try JSONValue(bare.body)["scores"]?.array?.compactMap(\.double))
            #expect(scores.count == 2 && scores[0] < 1.2 && scores[1] > 3, "\(scores)")
            let long = routes.answer(try post(path, row, ["Content-Type": "application/json"]))
            #expect(try JSONValue(long.body)["scores"]?.array?.first?["score"]?.double == scores[0])
        }
    }

    @Test("an answer comes in the form that was asked for")
    func accept() throws {
        let response = try routes().answer(
            try post(
                "/invocations",
                "0.45,200,1200\n",
                ["content-type": "text/csv", "accept": "application/jsonlines"]
            )
        )
        #expect(response.headers["Content-Type"] == "application/jsonlines")
        #expect(String(decoding: response.body, as: UTF8.self).hasPrefix("{\"score\":"))
    }

    @Test("the container says what is wrong with a request, in JSON")
    func containerErrors() throws {
        let routes = try routes()
        for (request, status, code) in [
            (try post("/invocations", "[[1,2]]"), 400, "wrongDimensions"),
            (try post("/invocations", "[[1,2,NaN]]"), 400, "notFinite"),
            (try post("/invocations", "{"), 400, "malformedBody"),
            (try post("/invocations", "x", ["Content-Type": "image/png"]), 415, "unsupportedContentType"),
            (try post("/invocations", row, ["Accept": "image/png"]), 406, "notAcceptable"),
            (try post("/elsewhere", row), 404, "notFound"), (try post("/ping", ""), 405, "methodNotAllowed"),
            (try post("/endpoints/a/b/invocations", row), 404, "notFound"),
            (try post("/endpoints//invocations", row), 404, "notFound"),
            (try post("/endpoints/invocations", row), 404, "notFound"),
        ] {
            let response = routes.answer(request)
            #expect(response.status == status && response.headers["Content-Type"] == "application/json")
            let body = try JSONValue(response.body)
            #expect(body["code"]?.string == code && body["message"]?.string?.isEmpty == false, "\(body)")
        }
        let get = routes.answer(try HTTPRequest(target: "/invocations"))
        #expect(get.status == 405 && get.headers["Allow"] == "POST")
    }

    @Test("the runtime's errors have SageMaker's shape")
    func runtimeErrors() throws {
        let routes = try routes()
        let unknown = routes.answer(try post("/endpoints/no%20such/invocations", row))
        #expect(unknown.status == 400 && unknown.headers["x-amzn-errortype"] == "ValidationError")
        #expect(try JSONValue(unknown.body)["Message"]?.string == "Endpoint no such not found.")
        let refused = routes.answer(try post(runtimePath, "[[1,2]]"))
        #expect(refused.status == 424 && refused.headers["x-amzn-errortype"] == "ModelError")
        let body = try JSONValue(refused.body)
        #expect(body["OriginalStatusCode"]?.integer == 400)
        #expect(body["OriginalMessage"]?.string?.contains("row 0 has 2 values, the model takes 3") == true)
        #expect(
            body["Message"]?.string?.hasPrefix("Received client error (400) from primary with message")
                == true
        )
        #expect(body.object.map { Set($0.keys) } == modelErrorKeys)
    }

    @Test("what the server refuses is worded as the path's other errors")
    func serverRefusals() throws {
        let metrics = EndpointMetrics()
        let routes = try routes(metrics)
        func refuse(_ reason: RefusedRequest.Reason, _ path: String) throws -> HTTPResponse {
            routes.refuse(RefusedRequest(reason, try post(path, "")))
        }
        let contradiction = RefusedRequest.Reason.ambiguousLength("more than one Content-Length")
        for (reason, status, code) in [
            (RefusedRequest.Reason.bodyTooLarge(limit: 10), 413, "bodyTooLarge"),
            (contradiction, 400, "malformedRequest"),
        ] {
            let answer = try refuse(reason, "/invocations")
            #expect(answer.status == status && answer.headers["Content-Type"] == "application/json")
            #expect(try JSONValue(answer.body)["code"]?.string == code)
        }
        let large = try refuse(.bodyTooLarge(limit: 10), runtimePath)
        #expect(large.status == 424 && large.headers["x-amzn-errortype"] == "ModelError")
        #expect(try JSONValue(large.body)["OriginalStatusCode"]?.integer == 413)
        #expect(large.headers["x-amzn-requestid"] != nil)
        let unknown = try refuse(.bodyTooLarge(limit: 10), "/endpoints/b/invocations")
        #expect(try JSONValue(unknown.body)["Message"]?.string == "Endpoint b not found.")
        let ambiguous = try refuse(contradiction, runtimePath)
        #expect(ambiguous.status == 400 && ambiguous.headers["x-amzn-errortype"] == "ValidationError")
        #expect(try JSONValue(ambiguous.body)["Message"]?.string == "more than one Content-Length")
        let malformed = routes.refuse(RefusedRequest(.malformedTarget))
        #expect(malformed.status == 400)
        #expect(try JSONValue(malformed.body)["code"]?.string == "malformedRequest")
        let get = routes.answer(try HTTPRequest(target: runtimePath))
        #expect(get.status == 405 && get.headers["Allow"] == "POST")
        #expect(get.headers["x-amzn-errortype"] == "ValidationError")
        let text = metrics.registry.prometheusText()
        for labels in [
            #"endpoint="rcf-anomaly-endpoint",status="413"} 2"#,
            #"endpoint="rcf-anomaly-endpoint",status="400"} 2"#, #"endpoint="(unknown)",status="404"} 1"#,
        ] {
            #expect(text.contains("timberline_endpoint_requests_total{\(labels)\n"), "\(labels): \(text)")
        }
    }

    private var modelErrorKeys: Set<String> {
        ["ErrorCode", "LogStreamArn", "Message", "OriginalMessage", "OriginalStatusCode"]
    }

    @Test(
        "the keys of a model error are the fixture's",
        .enabled(if: Fixtures.isPresent, Comment(rawValue: Fixtures.absence))
    )
    func modelErrorFixture() throws {
        let fixture = try JSONValue(Fixtures.bytes("sagemaker-modelerror-response.json"))
        #expect(fixture.object.map { Set($0.keys) } == modelErrorKeys)
    }

    @Test("every answer of the runtime has an identifier of its own, and the variant")
    func identifiers() throws {
        let routes = try routes()
        let answers = try (0..<50).map { _ in routes.answer(try post(runtimePath, row)) }
        let identifiers = Set(answers.compactMap { $0.headers["x-amzn-requestid"] })
        #expect(identifiers.count == 50 && identifiers.allSatisfy { UUID(uuidString: $0) != nil })
        #expect(answers[0].headers["x-amzn-invoked-production-variant"] == "AllTraffic")
    }

    @Test("a ping is answered with nothing, and a batch transform's limits are those of the environment")
    func containerPages() throws {
        let environment = [
            "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": "3", "SAGEMAKER_BATCH_STRATEGY": "SINGLE_RECORD",
            "SAGEMAKER_MAX_PAYLOAD_IN_MB": "40",
        ]
        let limits = TransformLimits(concurrentTransforms: 8)
        let ping = try routes().answer(try HTTPRequest(target: "/ping"))
        #expect(ping.status == 200 && ping.body.isEmpty)
        func page(_ limits: TransformLimits) throws -> String {
            let page = try routes(limits: limits).answer(try HTTPRequest(target: "/execution-parameters"))
            return String(decoding: page.body, as: UTF8.self)
        }
        #expect(
            try page(limits.overridden(by: [:]))
                == #"{"MaxConcurrentTransforms":8,"BatchStrategy":"MULTI_RECORD","MaxPayloadInMB":6}"#
        )
        #expect(
            try page(limits.overridden(by: environment))
                == #"{"MaxConcurrentTransforms":3,"BatchStrategy":"SINGLE_RECORD","MaxPayloadInMB":40}"#
        )
        let nonsense = ["SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": "0", "SAGEMAKER_MAX_PAYLOAD_IN_MB": "x"]
        #expect(limits.overridden(by: nonsense) == limits)
    }

    @Test("requests are counted by endpoint and status, unknown endpoints under one name")
    func metrics() throws {
        let metrics = EndpointMetrics()
        let routes = try routes(metrics)
        _ = routes.answer(try post("/invocations", "[[1,2,3],[4,5,6]]"))
        _ = routes.answer(try post("/endpoints/second/invocations", row))
        _ = routes.answer(try post("/endpoints/second/invocations", "[]"))
        for name in ["x", "y"] { _ = routes.answer(try post("/endpoints/\(name)/invocations", row)) }
        let page = routes.answer(try HTTPRequest(target: "/metrics"))
        let text = String(decoding: page.body, as: UTF8.self)
        #expect(page.headers["Content-Type"] == MetricRegistry.prometheusContentType)
        for line in [
            #"timberline_endpoint_requests_total{endpoint="rcf-anomaly-endpoint",status="200"} 1"#,
            #"timberline_endpoint_requests_total{endpoint="second",status="200"} 1"#,
            #"timberline_endpoint_requests_total{endpoint="second",status="400"} 1"#,
            #"timberline_endpoint_requests_total{endpoint="(unknown)",status="404"} 2"#,
            #"timberline_endpoint_rows_total{endpoint="rcf-anomaly-endpoint"} 2"#,
            #"timberline_endpoint_request_duration_seconds_count{endpoint="second"} 1"#,
        ] {
            #expect(text.contains(line + "\n"), "\(line) is not in \(text)")
        }
    }

    @Test("a model that is replaced answers from then on, one that is removed no more")
    func registry() throws {
        let models = ModelRegistry(["a": try serviceModel()])
        let routes = EndpointRoutes(models: models, standard: "a")
        func score() throws -> [UInt8] { routes.answer(try post("/invocations", row)).body }
        let before = try score()
        models["a"] = try EndpointModel(
            TrainedModel.decode(serviceModelFile(rows: serviceRows(300, seed: 77)))
        )
        #expect(try score() != before && models.names == ["a"])
        models["a"] = nil
        #expect(routes.answer(try post("/invocations", row)).status == 404 && models.count == 0)
    }
}
