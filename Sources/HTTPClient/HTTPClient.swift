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
        return try handle.perform(request, settings)
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
