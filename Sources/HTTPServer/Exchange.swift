import CMicrohttpd
import Glibc
import Synchronization

/// One request from its first line to the end of its answer. Of its connection, and with it on one
/// thread at a time.
final class Exchange {
    private enum Stage {
        case head, body, answered
    }

    private let target: String
    private var stage = Stage.head
    private var headers = HTTPHeaders()
    private var body: [UInt8] = []
    /// Whether the body went past the limit, and is read only to its end.
    private var isTooLarge = false

    init(target: String) {
        self.target = target
    }

    /// libmicrohttpd calls this with the head alone, then with each part of the body, then with no bytes
    /// at the end.
    ///
    /// - Parameter count: the bytes at `bytes`; set to those not taken, which are none.
    func proceed(
        _ connection: OpaquePointer,
        method: UnsafePointer<CChar>,
        bytes: UnsafePointer<CChar>?,
        count: inout Int,
        _ context: ServerContext
    ) -> MHD_Result {
        switch stage {
        case .head:
            stage = .body
            headers = Self.headers(of: connection)
            guard let reason = refusal(context) else { return .YES }
            return refuse(reason, request(method), connection, context)
        case .body where count > 0:
            take(UnsafeRawBufferPointer(start: bytes, count: count), limit: context.bodyLimit)
            count = 0
            return .YES
        case .body:
            guard let request = request(method) else {
                return refuse(.malformedTarget, nil, connection, context)
            }
            guard !isTooLarge else {
                return refuse(.bodyTooLarge(limit: context.bodyLimit), request, connection, context)
            }
            return answer(request, connection, context, isLast: false) { context.handler(request) }
        case .answered:
            return .NO
        }
    }

    /// Nil where the target is malformed.
    private func request(_ method: UnsafePointer<CChar>) -> HTTPRequest? {
        try? HTTPRequest(method: String(cString: method), target: target, headers: headers, body: body)
    }

    /// Why the request is refused for its head.
    private func refusal(_ context: ServerContext) -> RefusedRequest.Reason? {
        switch BodyFraming(headers) {
        case .none, .chunked: return nil
        case .length(let length):
            // A client that asks before it sends its body reads the answer to that.
            let isRead = context.readsOversizedBodies && headers["Expect"] == nil
            return length > UInt64(context.bodyLimit) && !isRead
                ? .bodyTooLarge(limit: context.bodyLimit) : nil
        case .contradictory(let words): return .ambiguousLength(words)
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer, limit: Int) {
        guard !isTooLarge, bytes.count <= limit - body.count else {
            isTooLarge = true
            body = []
            return
        }
        body += bytes
    }

    /// Answers what is not for the handler, and ends the connection unless the request is known to have come to its end:
    /// what follows may be the rest of it.
    private func refuse(
        _ reason: RefusedRequest.Reason,
        _ request: HTTPRequest?,
        _ connection: OpaquePointer,
        _ context: ServerContext
    ) -> MHD_Result {
        let isAtItsEnd = stage == .body && isTooLarge && context.readsOversizedBodies
        return answer(request, connection, context, isLast: !isAtItsEnd) {
            context.refused(RefusedRequest(reason, request))
        }
    }

    private func answer(
        _ request: HTTPRequest?,
        _ connection: OpaquePointer,
        _ context: ServerContext,
        isLast: Bool,
        _ response: () -> HTTPResponse
    ) -> MHD_Result {
        stage = .answered
        let socket = timberline_MHD_socket(connection)
        context.connections.enter(.handling, socket)
        let response = response()
        context.connections.enter(.sending, socket)
        let length = request?.method == "HEAD" ? response.headBodyLength : nil
        let isLast = isLast || context.isDraining.load(ordering: .acquiring)
        return queue(response, connection, isLast: isLast, withoutBodyOf: length)
    }

    /// - Parameter absentLength: bytes of a body that is stated and not sent, as in an answer to HEAD.
    private func queue(
        _ response: HTTPResponse,
        _ connection: OpaquePointer,
        isLast: Bool,
        withoutBodyOf absentLength: UInt64?
    ) -> MHD_Result {
        let answer = absentLength.map(Self.answer(withoutBodyOf:)) ?? Self.answer(response.body)
        guard let answer else { return .NO }
        defer { MHD_destroy_response(answer) }
        for field in response.headers.fields { MHD_add_response_header(answer, field.name, field.value) }
        if isLast { MHD_add_response_header(answer, "Connection", "close") }
        return MHD_queue_response(connection, UInt32(response.status), answer)
    }

    private static func answer(_ body: [UInt8]) -> OpaquePointer? {
        // libmicrohttpd copies the body before it returns.
        body.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer(
                bytes.count,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                .RESPMEM_MUST_COPY
            )
        }
    }

    /// For HEAD only: libmicrohttpd asks for no bytes then, and would get none.
    private static func answer(withoutBodyOf length: UInt64) -> OpaquePointer? {
        MHD_create_response_from_callback(length, 1, { _, _, _, _ in Exchange.endOfStream }, nil, nil)
    }

    /// `MHD_CONTENT_READER_END_OF_STREAM`, a macro that Swift does not import.
    private static let endOfStream = -1

    private static func headers(of connection: OpaquePointer) -> HTTPHeaders {
        var headers = HTTPHeaders()
        withUnsafeMutablePointer(to: &headers) { headers in
            _ = MHD_get_connection_values_n(
                connection,
                .HEADER_KIND,
                { context, _, name, nameCount, value, valueCount in
                    context?.assumingMemoryBound(to: HTTPHeaders.self).pointee
                        .add(text(name, nameCount), text(value, valueCount))
                    return .YES
                },
                headers
            )
        }
        return headers
    }
}

private func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
}
