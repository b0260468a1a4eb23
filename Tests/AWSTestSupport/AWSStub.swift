public import AWSServices
import HTTPClient
public import HTTPServer
public import Telemetry

/// A server that takes the place of AWS: it refuses every request whose signature is not right, answers as the test
/// says, and fails when it is told to.
///
/// `@unchecked Sendable` holds because the server is used where it begins and ends only.
public final class AWSStub: @unchecked Sendable {
    /// A request whose signature was right, or that needs none.
    public struct Call: Sendable {
        /// As in the signature: `dynamodb`. Empty for a request without one.
        public var service: String
        public var region: String
        public var accessKey: String
        /// `PutItem`, or of services without names in the request the method and the path.
        public var operation: String
        public var request: HTTPRequest
        public var body: String { String(decoding: request.body, as: UTF8.self) }
    }

    /// What goes wrong with one call.
    public enum Fault: Sendable {
        /// A status with a body in JSON: `{"__type": code, "message": …}`.
        case refusal(status: Int, code: String)
        /// Any answer.
        case answer(HTTPResponse)
        /// The answer comes later.
        case delay(Duration)
    }

    public typealias Handler = @Sendable (Call) -> HTTPResponse

    private struct State {
        var calls: [Call] = []
        var refusals: [String] = []
        var faults: [Fault] = []
        var credentials: [String: AWSCredentials]
    }

    private let server: HTTPServer
    private let state: Locked<State>

    /// - Parameters:
    ///   - credentials: those that it knows.
    ///   - unsigned: operations that need no signature.
    public init(
        _ credentials: [AWSCredentials] = [AWSStub.credentials],
        unsigned: Set<String> = [],
        _ handler: @escaping Handler
    ) throws {
        let state = Locked(
            State(credentials: Dictionary(uniqueKeysWithValues: credentials.map { ($0.accessKeyID, $0) }))
        )
        var settings = HTTPServer.Settings()
        settings.threads = 8
        settings.bodyLimit = 64 << 20
        server = try HTTPServer(settings) { request in
            Self.answer(request, state, unsigned, handler)
        }
        self.state = state
    }

    deinit { server.stop(within: .zero) }

    public static let credentials = AWSCredentials(
        accessKeyID: "AKIDSTUB",
        secretAccessKey: "stub+secret/key",
        sessionToken: "stub//token=="
    )

    public var port: UInt16 { server.address.port }
    public var url: String { "http://\(server.address)" }

    /// Calls so far that came through, in order; also those that a fault was injected into.
    public var calls: [Call] { state.withLock { $0.calls } }
    /// Why requests were refused for their signature.
    public var refusals: [String] { state.withLock { $0.refusals } }

    /// The next calls meet these, each one.
    public func inject(_ faults: Fault...) { state.withLock { $0.faults += faults } }

    public func know(_ credentials: AWSCredentials) {
        state.withLock { $0.credentials[credentials.accessKeyID] = credentials }
    }

    /// A client that asks here, with the credentials above.
    public func client(
        _ settings: AWSClient.Settings = AWSStub.quickSettings,
        credentials: (any AWSCredentialsProvider)? = FixedCredentials(AWSStub.credentials),
        clock: AWSClock = .withoutWaiting(),
        logger: Logger = .silent
    ) -> AWSClient {
        AWSClient(settings, environment: environment, credentials: credentials, clock: clock, logger: logger)
    }

    public var environment: AWSEnvironment {
        AWSEnvironment([
            "AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-west-3", "AWS_EC2_METADATA_DISABLED": "true",
        ])
    }

    /// Retries as ever, with short time limits.
    public static var quickSettings: AWSClient.Settings {
        var settings = AWSClient.Settings()
        settings.http.timeout = .seconds(20)
        return settings
    }

    private static func answer(
        _ request: HTTPRequest,
        _ state: Locked<State>,
        _ unsigned: Set<String>,
        _ handler: Handler
    ) -> HTTPResponse {
        let operation = operation(of: request)
        var call = Call(service: "", region: "", accessKey: "", operation: operation, request: request)
        if !unsigned.contains(operation) {
            let verifier = SignatureVerifier(Array(state.withLock { $0.credentials.values }))
            do throws(SignatureRefusal) {
                let scope = try verifier.verify(request.received, at: wallClockMilliseconds())
                call.service = scope.service
                call.region = scope.region
                call.accessKey = scope.accessKeyID
            } catch {
                state.withLock { $0.refusals.append("\(operation): \(error.code): \(error.message)") }
                return .fault(error.status, error.code, error.message)
            }
        }
        let fault = state.withLock { [call] state -> Fault? in
            state.calls.append(call)
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
        switch fault {
        case .refusal(let status, let code): return .fault(status, code, "injected")
        case .answer(let response): return response
        case .delay(let duration):
            AWSClock.system.sleep(duration)
            return handler(call)
        case nil: return handler(call)
        }
    }

    private static func operation(of request: HTTPRequest) -> String {
        if let target = request.headers["X-Amz-Target"] {
            return String(target.split(separator: ".").last ?? "")
        }
        let form = String(decoding: request.body.prefix(200), as: UTF8.self)
        if request.path == "/", form.hasPrefix("Action=") {
            return String(form.dropFirst(7).prefix { $0 != "&" })
        }
        return "\(request.method) \(request.path)"
    }
}

extension HTTPResponse {
    /// An error in the form of the JSON protocols.
    public static func fault(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.string("__type", "com.example#" + code)
            json.string("message", message)
        }
        return HTTPResponse(status: status, text: json.text, contentType: "application/x-amz-json-1.0")
    }

    public static func json(_ text: String) -> HTTPResponse {
        HTTPResponse(text: text, contentType: "application/x-amz-json-1.0")
    }

    public static func xml(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, text: text, contentType: "text/xml")
    }
}
