import AWSTestSupport
import HTTPServer
import KafkaTestSupport
import Telemetry
import Testing

@testable import AWSServices

/// Objects read part by part.
@Suite(.ownThread) struct StreamTests {
    private let place = S3.Place(bucket: "b", key: "k")
    private let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    /// Serves the body, from a place on too.
    private func stub(_ tag: @escaping @Sendable (Int) -> String = { _ in "\"1\"" }) throws -> AWSStub {
        let body = body
        let count = Locked(0)
        return try AWSStub { call in
            let number = count.withLock { count in
                count += 1
                return count
            }
            let tag = tag(number)
            let start = call.request.headers["Range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) }
            if let wanted = call.request.headers["If-Match"], wanted != tag {
                return .xml("<Error><Code>PreconditionFailed</Code></Error>", status: 412)
            }
            return HTTPResponse(
                status: start == nil ? 200 : 206,
                headers: ["ETag": tag],
                body: Array(body[(start ?? 0)...])
            )
        }
    }

    private func client(_ relay: FaultyRelay) -> AWSClient {
        AWSClient(
            AWSStub.quickSettings,
            environment: AWSEnvironment(["AWS_ENDPOINT_URL": relay.url, "AWS_REGION": "eu-west-3"]),
            credentials: FixedCredentials(AWSStub.credentials),
            clock: .withoutWaiting()
        )
    }

    @Test("reading goes on behind the last byte when the connection is lost, again and again")
    func resumes() throws {
        let stub = try stub()
        let relay = try FaultyRelay(to: stub.port, (1...7).map { .reset(afterBytes: $0 * 40_000) })
        var read: [UInt8] = []
        try client(relay).readObject(place) { read += $0 }
        #expect(read == body)
        #expect(stub.calls.count == 8 && stub.refusals == [])
    }

    @Test("an object that is another one meanwhile is an error, not a mixture")
    func changed() throws {
        let stub = try stub { "\"\($0)\"" }
        let relay = try FaultyRelay(to: stub.port, [.reset(afterBytes: 100_000)])
        let error = #expect(throws: AWSError.self) { try client(relay).readObject(place) { _ in } }
        #expect(error?.code == .conditionFailed && stub.calls.count == 2)
    }

    @Test("an object of just the bound is read, one byte more is refused before its first byte")
    func bound() throws {
        let stub = try stub()
        var count = 0
        try stub.client().readObject(place, maximumBytes: Int64(body.count)) { count += $0.count }
        #expect(count == body.count)
        let error = #expect(throws: AWSError.self) {
            try stub.client().readObject(place, maximumBytes: Int64(body.count - 1)) { _ in
                Issue.record("a part came")
            }
        }
        #expect(error?.code == .refused && error?.isRetriable == false)
    }

    @Test("who reads may stop, and his error comes out")
    func stops() throws {
        struct Enough: Error {}
        let stub = try stub()
        var parts = 0
        #expect(throws: Enough.self) {
            try stub.client().readObject(place) { _ in
                parts += 1
                if parts == 2 { throw Enough() }
            }
        }
        #expect(parts == 2 && stub.calls.count == 1)
    }

    @Test("a fault before the first byte is tried again, a missing object is not")
    func faults() throws {
        let stub = try stub()
        stub.inject(.refusal(status: 503, code: "SlowDown"))
        var count = 0
        try stub.client().readObject(place) { count += $0.count }
        #expect(count == body.count)
        stub.inject(.answer(.xml("<Error><Code>NoSuchKey</Code></Error>", status: 404)))
        let error = #expect(throws: AWSError.self) { try stub.client().readObject(place) { _ in } }
        #expect(error?.code == .notFound && stub.calls.count == 3)
    }
}
