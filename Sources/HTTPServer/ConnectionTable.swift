import Glibc
import Telemetry

/// The open connections by socket, and how long each may stay as it is.
///
/// libmicrohttpd's own time-out counts inactivity only, so that a client which sends a byte now and then
/// holds a connection for ever. Here each phase has a limit, and a connection that passes it is shut down.
///
/// A socket is shut down only under the lock that also removes it, which libmicrohttpd asks for before it
/// closes the socket: the number is never another connection's by then.
final class ConnectionTable: Sendable {
    enum Phase: Sendable {
        /// Between requests, or before the first.
        case idle
        /// From the request line to the end of the body.
        case receiving
        /// In the handler, whose time is its own.
        case handling
        /// From the handler's answer until it is sent.
        case sending
        /// Shut down; its end is to be noticed.
        case ended
    }

    private struct Entry {
        var phase: Phase
        var since: ContinuousClock.Instant
    }

    private let limits: HTTPServer.Settings
    private let entries: Locked<[Int32: Entry]>

    init(limits: HTTPServer.Settings) {
        self.limits = limits
        entries = Locked([:])
    }

    var count: Int { entries.withLock { $0.count } }

    func open(_ socket: Int32, at now: ContinuousClock.Instant = .now) {
        entries.withLock { $0[socket] = Entry(phase: .idle, since: now) }
    }

    func enter(_ phase: Phase, _ socket: Int32, at now: ContinuousClock.Instant = .now) {
        entries.withLock { entries in
            guard let entry = entries[socket], entry.phase != .ended else { return }
            entries[socket] = Entry(phase: phase, since: now)
        }
    }

    func close(_ socket: Int32) {
        entries.withLock { entries in _ = entries.removeValue(forKey: socket) }
    }

    /// Shuts down what is over its limit. O(connections).
    func reap(at now: ContinuousClock.Instant = .now) {
        shutDown(at: now) { phase, _ in
            switch phase {
            case .idle: limits.idleLimit
            case .receiving: limits.receiveLimit
            case .sending: limits.sendLimit
            case .handling, .ended: nil
            }
        }
    }

    /// Shuts down what has been idle for `grace` and has sent nothing that waits to be read.
    func endIdle(for grace: Duration, at now: ContinuousClock.Instant = .now) {
        shutDown(at: now) { phase, socket in
            guard phase == .idle else { return nil }
            var byte: UInt8 = 0
            let hasMore = recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
            return hasMore ? nil : grace
        }
    }

    private func shutDown(
        at now: ContinuousClock.Instant,
        limit: (Phase, _ socket: Int32) -> Duration?
    ) {
        entries.withLock { entries in
            for (socket, entry) in entries {
                guard let limit = limit(entry.phase, socket), entry.since.duration(to: now) >= limit else {
                    continue
                }
                shutdown(socket, Int32(SHUT_RDWR))
                entries[socket] = Entry(phase: .ended, since: now)
            }
        }
    }
}
