import CCurl

/// Takes an answer as libcurl brings it. Used by one transfer, on the thread that waits for it.
final class AnswerReceiver {
    private let bodyLimit: Int
    /// Takes the body of a 2xx answer, part by part; whether it wants more.
    private let takePart: HTTPClient.PartReceiver?
    /// Of the line that the answer began with.
    private(set) var status = 0
    private(set) var hasStopped = false
    private(set) var fields: [HTTPClient.Field] = []
    private(set) var body: [UInt8] = []
    private var fieldBytes = 0

    /// Bytes of all fields together.
    private static let fieldLimit = 256 << 10

    init(bodyLimit: Int, takePart: HTTPClient.PartReceiver? = nil) {
        self.bodyLimit = bodyLimit
        self.takePart = takePart
    }

    /// - Returns: whether there was room.
    fileprivate func takeLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // An interim answer (100) comes before the one that counts.
        if bytes.starts(with: "HTTP/".utf8) {
            fields.removeAll()
            let digits = bytes.drop { $0 != 0x20 }.dropFirst().prefix(3)
            status = digits.reduce(0) { 10 * $0 + Int($1) - 0x30 }
        }
        fieldBytes += bytes.count
        guard fieldBytes <= Self.fieldLimit else { return false }
        if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            let value = bytes[(colon + 1)...].trimmed
            fields.append(
                HTTPClient.Field(
                    String(decoding: bytes[..<colon], as: UTF8.self),
                    String(decoding: value, as: UTF8.self)
                )
            )
        }
        return true
    }

    fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if let takePart, (200..<300).contains(status) {
            hasStopped = !takePart(HTTPClient.Response(status: status, fields: fields), bytes)
            return !hasStopped
        }
        guard body.count + bytes.count <= bodyLimit else { return false }
        body.append(contentsOf: bytes)
        return true
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// Without white space at either end.
    fileprivate var trimmed: Self {
        var rest = self
        while let first = rest.first, first <= 0x20 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        return rest
    }
}

/// What libcurl calls for each line of the head. The context is an `AnswerReceiver`, alive during the transfer.
let receiveLine:
    @Sendable @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int =
        { bytes, size, count, context in
            receive(bytes, size * count, context) { $0.takeLine($1) }
        }

/// What libcurl calls for each part of the body.
let receiveBody:
    @Sendable @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int =
        { bytes, size, count, context in
            receive(bytes, size * count, context) { $0.takeBody($1) }
        }

/// - Returns: the count, or 0 to end the transfer.
private func receive(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?,
    _ take: (AnswerReceiver, UnsafeRawBufferPointer) -> Bool
) -> Int {
    guard let context else { return 0 }
    let receiver = Unmanaged<AnswerReceiver>.fromOpaque(context).takeUnretainedValue()
    return take(receiver, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
}
