import Glibc

/// A socket that takes connections. Closes itself. One owner.
struct ListeningSocket: ~Copyable {
    let descriptor: Int32
    /// The port it listens on, also where 0 was asked for.
    let port: UInt16

    init(_ address: ListenAddress) throws(HTTPServerError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(address.host, String(address.port), &hints, &found)
        guard status == 0, let found else {
            throw HTTPServerError(
                code: .unknownHost,
                message: "listen on \(address): \(String(cString: gai_strerror(status)))"
            )
        }
        defer { freeaddrinfo(found) }
        let opened = socket(
            found.pointee.ai_family,
            Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
            0
        )
        var yes: Int32 = 1
        // A restart must not wait until the connections of the last run are forgotten.
        guard opened >= 0,
            setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size)) == 0,
            bind(opened, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
            listen(opened, SOMAXCONN) == 0,
            let port = Self.port(of: opened)
        else {
            let reason = String(cString: strerror(errno))
            if opened >= 0 { close(opened) }
            throw HTTPServerError(code: .cannotListen, message: "listen on \(address): \(reason)")
        }
        descriptor = opened
        self.port = port
    }

    deinit {
        close(descriptor)
    }

    /// Has the system drop what asks for a new connection. Clients ask again a second later, and are refused if the
    /// socket is closed by then: none is connected whom nobody will answer. What is connected already may be accepted.
    ///
    /// Where the system knows no such filter nothing happens.
    func holdOff() {
        // Byte 13 of TCP's header has the flags: dropped is SYN without ACK (RFC 9293, section 3.1).
        var program: [FilterStep] = [
            FilterStep(code: 0x30, ifTrue: 0, ifFalse: 0, operand: 13),
            FilterStep(code: 0x54, ifTrue: 0, ifFalse: 0, operand: 0x12),
            FilterStep(code: 0x15, ifTrue: 0, ifFalse: 1, operand: 0x02),
            FilterStep(code: 0x06, ifTrue: 0, ifFalse: 0, operand: 0),
            FilterStep(code: 0x06, ifTrue: 0, ifFalse: 0, operand: .max),
        ]
        program.withUnsafeMutableBufferPointer { steps in
            var filter = Filter(count: UInt16(steps.count), steps: steps.baseAddress)
            // The system copies the program.
            setsockopt(
                descriptor,
                SOL_SOCKET,
                SO_ATTACH_FILTER,
                &filter,
                socklen_t(MemoryLayout<Filter>.size)
            )
        }
    }

    /// One step of a packet filter: the system's `sock_filter`, whose fields lie in this order without gaps.
    private struct FilterStep {
        var code: UInt16
        var ifTrue: UInt8
        var ifFalse: UInt8
        var operand: UInt32
    }

    /// The system's `sock_fprog`: a number, and at the next multiple of a pointer's size the address.
    private struct Filter {
        var count: UInt16
        var steps: UnsafeMutablePointer<FilterStep>?
    }

    /// Takes a connection that waits to be accepted.
    ///
    /// - Parameter body: gets its socket, which it owns, and the client's address.
    /// - Returns: false where none waits.
    func acceptWaiting(_ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Void) -> Bool {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let accepted = accept(descriptor, address, &size)
                guard accepted >= 0 else { return false }
                _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                body(accepted, address, size)
                return true
            }
        }
    }

    /// Refuses connections from now on.
    func refuse() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private static func port(of descriptor: Int32) -> UInt16? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(descriptor, address, &size) == 0 else { return nil }
                // IPv4 and IPv6 have the port at the same place.
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin_port)
                }
            }
        }
    }
}
