import Foundation
import Glibc
import HTTPTestSupport
import Telemetry

/// Stands between a client and a server, one connection for each exchange, and breaks connections as it is told.
public final class FaultyRelay: Sendable {
    public enum Fault: Sendable {
        /// The connection is reset when so many bytes of the answer have passed.
        case reset(afterBytes: Int)
    }

    public struct CannotListen: Error {}

    private let listener: Int32
    private let port: UInt16
    private let faults: Locked<[Fault]>

    /// - Parameter faults: of the first connections, each one.
    public init(to port: UInt16, _ faults: [Fault]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        self.port = try FreePort.any()
        let faults = Locked(faults)
        self.faults = faults
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = self.port.bigEndian
        let isBound = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                    && listen(listener, 16) == 0
            }
        }
        guard isBound else { throw CannotListen() }
        Thread.detachNewThread {
            while case let client = accept(listener, nil, nil), client >= 0 {
                let fault = faults.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                Thread.detachNewThread { Self.relay(client, to: port, fault) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    public var url: String { "http://127.0.0.1:\(port)" }

    private static func relay(_ client: Int32, to port: UInt16, _ fault: Fault?) {
        defer { close(client) }
        guard let server = try? RawConnection(port: port) else { return }
        var passed = 0
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            var entries = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server.socket, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&entries, 2, 20_000) > 0 else { return }
            if entries[0].revents != 0 {
                let count = recv(client, &buffer, buffer.count, 0)
                guard count > 0, server.send(bytes: Array(buffer[..<count])) else { return }
            }
            guard entries[1].revents != 0 else { continue }
            var count = recv(server.socket, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            if case .reset(let limit) = fault, passed + count > limit {
                count = limit - passed
                if count > 0 { _ = send(client, buffer, count, Int32(MSG_NOSIGNAL)) }
                // What has been sent is given time to be read: a reset throws it away.
                if count > 0 { usleep(50_000) }
                var now = linger(l_onoff: 1, l_linger: 0)
                setsockopt(client, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
                return
            }
            passed += count
            guard send(client, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
        }
    }
}
