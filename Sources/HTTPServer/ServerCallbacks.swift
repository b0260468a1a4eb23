import CMicrohttpd
import Glibc

/// libmicrohttpd's callbacks: each finds the server's context and the request's exchange, and goes there.
func serverCallbacks() -> timberline_MHD_callbacks {
    var callbacks = timberline_MHD_callbacks()
    callbacks.connected = { opaque, connection, _, event in
        guard let context = serverContext(opaque), let connection else { return }
        let socket = timberline_MHD_socket(connection)
        if event == .CONNECTION_NOTIFY_STARTED {
            context.connections.open(socket)
        } else {
            context.connections.close(socket)
        }
    }
    callbacks.began = { opaque, target, connection in
        guard let context = serverContext(opaque), let target, let connection else { return nil }
        context.connections.enter(.receiving, timberline_MHD_socket(connection))
        // Released when the request is completed, which libmicrohttpd tells of each that began.
        return Unmanaged.passRetained(Exchange(target: String(cString: target))).toOpaque()
    }
    callbacks.access = { opaque, connection, _, method, _, bytes, count, state in
        guard let context = serverContext(opaque), let connection, let method, let count,
            let exchange = exchange(state)
        else { return .NO }
        return exchange.takeUnretainedValue()
            .proceed(connection, method: method, bytes: bytes, count: &count.pointee, context)
    }
    callbacks.completed = { opaque, connection, state, _ in
        guard let exchange = exchange(state) else { return }
        state?.pointee = nil
        exchange.release()
        guard let context = serverContext(opaque), let connection else { return }
        context.connections.enter(.idle, timberline_MHD_socket(connection))
    }
    // The target is decoded by `HTTPRequest`, which refuses what is not well encoded.
    callbacks.unescape = { _, _, text in text.map { strlen($0) } ?? 0 }
    return callbacks
}

private func serverContext(_ opaque: UnsafeMutableRawPointer?) -> ServerContext? {
    opaque.map { Unmanaged<ServerContext>.fromOpaque($0).takeUnretainedValue() }
}

private func exchange(_ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Unmanaged<Exchange>? {
    state?.pointee.map { Unmanaged<Exchange>.fromOpaque($0) }
}
