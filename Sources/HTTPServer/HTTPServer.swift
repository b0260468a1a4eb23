import CMicrohttpd
import Dispatch
import Glibc
import Synchronization

/// An HTTP/1.1 server: a handler takes a request and gives a response.
///
/// The handler runs on one of the server's own threads and may block it. Everything that a client can
/// make large or slow has a bound (`Settings`). Requests whose length is given twice are refused.
///
/// Made, used and stopped by one owner; it serves from `init` to `stop` or to its end.
public final class HTTPServer {
    public typealias Handler = @Sendable (HTTPRequest) -> HTTPResponse
    /// Words the answer to a request that the server refuses itself.
    public typealias RefusalHandler = @Sendable (RefusedRequest) -> HTTPResponse

    /// Where it listens, with the port that was found for 0.
    public let address: ListenAddress
    private let listening: ListeningSocket
    private let context: ServerContext
    private let daemon: OpaquePointer
    private let reaper: any DispatchSourceTimer
    private var isStopped = false

    /// - Parameter refused: gives the answer to what does not reach the handler; lines of text if not given. What is no
    ///   request of HTTP, or has a head above the limit, is answered by libmicrohttpd.
    public init(
        _ settings: Settings = Settings(),
        refused: @escaping RefusalHandler = { $0.response },
        handler: @escaping Handler
    ) throws(HTTPServerError) {
        listening = try ListeningSocket(settings.address)
        address = ListenAddress(host: settings.address.host, port: listening.port)
        context = ServerContext(settings, refused: refused, handler: handler)
        // Not epoll: there libmicrohttpd 0.9.75 ends the process at times when it is quiesced, as its threads and
        // the caller both take the listening socket out of the set.
        var flags = MHD_USE_POLL_INTERNAL_THREAD.rawValue | MHD_USE_ITC.rawValue
        if settings.hasThreadPerConnection { flags |= MHD_USE_THREAD_PER_CONNECTION.rawValue }
        guard
            let daemon = timberline_MHD_start_daemon(
                flags,
                listening.descriptor,
                settings.hasThreadPerConnection ? 1 : UInt32(clamping: max(1, settings.threads)),
                UInt32(clamping: max(1, settings.connectionLimit)),
                // Half of it is for reading.
                2 * max(1 << 10, settings.headerLimit),
                serverCallbacks(),
                // Kept by `self`, which outlives the daemon.
                Unmanaged.passUnretained(context).toOpaque()
            )
        else {
            throw HTTPServerError(
                code: .cannotStart,
                message: "listen on \(address): \(String(cString: strerror(errno)))"
            )
        }
        self.daemon = daemon
        reaper = DispatchSource.makeTimerSource(queue: .global())
        let connections = context.connections
        reaper.setEventHandler { connections.reap() }
        reaper.schedule(deadline: .now(), repeating: .nanoseconds(settings.reapInterval.wholeNanoseconds))
        reaper.activate()
    }

    deinit {
        stop(within: .zero)
    }

    /// How long a connection must have been idle before a stopping server ends it: what a client
    /// sends just now shall not meet a closed door.
    static let drainGrace: Duration = .milliseconds(200)

    /// How long a connection may take that was half made when the server began to stop.
    static let handshakeGrace: Duration = .milliseconds(20)

    /// Stops taking connections, lets the requests under way be answered, closes connections as they
    /// become idle, and ends those that are left at the deadline.
    ///
    /// Returns when no thread of the server runs any more; a handler is never cut short, so that one
    /// which outlasts the deadline delays this.
    public func stop(within limit: Duration) {
        guard !isStopped else { return }
        isStopped = true
        context.isDraining.store(true, ordering: .releasing)
        // The descriptor that comes back is the one of `listening`, which closes it.
        _ = MHD_quiesce_daemon(daemon)
        listening.holdOff()
        let start = ContinuousClock.now
        // Handshakes under way come to their end.
        repeat {
            takeWaitingConnections()
            usleep(1_000)
        } while start.duration(to: .now) < min(limit, Self.handshakeGrace)
        takeWaitingConnections()
        listening.refuse()
        while context.connections.count > 0, start.duration(to: .now) < limit {
            context.connections.endIdle(for: Self.drainGrace)
            usleep(5_000)
        }
        reaper.cancel()
        MHD_stop_daemon(daemon)
    }

    /// Hands the daemon what the system has connected and nobody has accepted: it would be reset, and with it requests
    /// that were sent already.
    private func takeWaitingConnections() {
        let (connections, daemon) = (context.connections, daemon)
        while listening.acceptWaiting({ socket, address, size in
            // So that it is waited for until the daemon's thread has it.
            connections.open(socket)
            if MHD_add_connection(daemon, socket, address, size) == .NO { connections.close(socket) }
        }) {}
    }
}

extension Duration {
    fileprivate var wholeNanoseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }
}
