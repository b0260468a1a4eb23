import Glibc

/// A TCP connection on which a test says exactly the bytes it wants. Closes itself.
public final class RawConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    public struct Failure: Error, CustomStringConvertible {
        public var description: String
    }

    /// What came back.
    public struct Answer: Equatable {
        public var status: Int
        /// Names in lower case.
        public var headers: [String: String]
        public var body: String
    }

    /// - Parameter patience: seconds after which a read gives up.
    public init(port: UInt16, patience: Int = 20) throws {
        descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // From 127.0.0.2: the ports that thousands of connections take, and keep for a minute after their end, would
        // be missing to a listener of 127.0.0.1 that comes back to its own.
        var anyPort: Int32 = 1
        setsockopt(
            descriptor,
            Int32(IPPROTO_IP),
            IP_BIND_ADDRESS_NO_PORT,
            &anyPort,
            socklen_t(MemoryLayout<Int32>.size)
        )
        let isConnected =
            Self.address(0x7f00_0002, 0) { bind(descriptor, $0, $1) } == 0
            && Self.address(0x7f00_0001, port) { connect(descriptor, $0, $1) } == 0
        guard isConnected else { throw Failure(description: "connect: \(String(cString: strerror(errno)))") }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func address(
        _ host: UInt32,
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = host.bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit {
        close(descriptor)
    }

    /// For `poll` and the like; stays this object's.
    public var socket: Int32 { descriptor }

    /// Sends the bytes; false where the other side has ended the connection.
    @discardableResult
    public func send(_ text: String) -> Bool {
        send(bytes: Array(text.utf8))
    }

    @discardableResult
    public func send(bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads one answer, cut by its `Content-Length`.
    ///
    /// - Parameter hasBody: false for the answer to a HEAD.
    public func answer(hasBody: Bool = true) throws -> Answer {
        let end = Array("\r\n\r\n".utf8)
        while received.firstRange(of: end) == nil { try receive() }
        guard let range = received.firstRange(of: end) else { throw Failure(description: "no head") }
        let lines = String(decoding: received[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        received.removeSubrange(..<range.upperBound)
        guard let first = lines.first, let status = Int(first.split(separator: " ")[1]) else {
            throw Failure(description: "no status line")
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(
                line[line.index(after: colon)...].drop { $0 == " " }
            )
        }
        let count = hasBody ? headers["content-length"].flatMap { Int($0) } ?? 0 : 0
        while received.count < count { try receive() }
        defer { received.removeFirst(count) }
        return Answer(
            status: status,
            headers: headers,
            body: String(decoding: received.prefix(count), as: UTF8.self)
        )
    }

    /// Sends a GET and reads its answer.
    public func get(_ target: String) throws -> Answer {
        send("GET \(target) HTTP/1.1\r\nHost: test\r\n\r\n")
        return try answer()
    }

    /// Whether the other side ends the connection before anything else comes.
    public func isEnded() -> Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, 0)
        return count == 0 || (count < 0 && errno == ECONNRESET)
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            throw Failure(
                description: count == 0
                    ? "the connection was ended" : "receive: \(String(cString: strerror(errno)))"
            )
        }
        received += buffer[..<count]
    }
}

/// Gets one page on a connection of its own.
public func httpGet(_ target: String, port: UInt16) throws -> RawConnection.Answer {
    try RawConnection(port: port).get(target)
}
