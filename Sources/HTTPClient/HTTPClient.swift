import CCurl
import Telemetry

/// Sends HTTP/1.1 requests and waits for their answers, over connections that are kept.
///
/// May be used from several threads at once; each call holds one connection while it lasts. Redirects are not
/// followed. Every request has a time limit, and every answer a bound on its size.
public final class HTTPClient: Sendable {
    private let settings: Settings
    private let idle = Locked<[EasyHandle]>([])

    public init(_ settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Sends a request and waits for the whole answer, whatever its status.
    ///
    /// A request on a kept connection that turns out to be closed is sent once more on a new one.
    public func send(_ request: Request) throws(HTTPClientError) -> Response {
        try request.check()
        let handle = try takeHandle()
        defer { giveBack(handle) }
        return try handle.perform(request, settings, AnswerReceiver(bodyLimit: settings.bodyLimit))
    }

    /// Takes a part of a body, which is valid during the call, with the head of its answer.
    ///
    /// - Returns: whether more is wanted.
    public typealias PartReceiver = (_ head: Response, _ part: UnsafeRawBufferPointer) -> Bool

    /// Sends a request and hands on the body of a 2xx answer part by part, on this thread, without a bound on all of it.
    /// The answer that is returned holds the body of any other status.
    ///
    /// The request's time limit is for all of it, and nil for none; an answer that is silent for the client's ends.
    ///
    /// - Throws: with the code `stopped` where `receive` wants no more.
    public func stream(
        _ request: Request,
        _ receive: PartReceiver
    ) throws(HTTPClientError) -> Response {
        try request.check()
        let handle = try takeHandle()
        defer { giveBack(handle) }
        let settings = settings
        return try withoutActuallyEscaping(receive) { receive throws(HTTPClientError) in
            let receiver = AnswerReceiver(bodyLimit: settings.bodyLimit, takePart: receive)
            return try handle.perform(request, settings, receiver, silence: settings.timeout)
        }
    }

    /// Connects, with TLS where the address says so, and sends nothing.
    public func checkConnection(to url: String) throws(HTTPClientError) {
        // Not one of the kept: it is of no use for requests afterwards.
        try EasyHandle().connect(url, settings)
    }

    private func takeHandle() throws(HTTPClientError) -> EasyHandle {
        if let handle = idle.withLock({ $0.popLast() }) { return handle }
        return try EasyHandle()
    }

    private func giveBack(_ handle: EasyHandle) {
        idle.withLock { idle in
            if idle.count < settings.idleConnectionLimit { idle.append(handle) }
        }
    }
}
