/// The last bytes of an invocation's log.
struct LogTail: Sendable, Equatable {
    /// As `X-Amz-Log-Result` shows at most.
    static let byteLimit = 4 << 10

    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: some BidirectionalCollection<UInt8>) {
        bytes += more.suffix(Self.byteLimit)
        if bytes.count > Self.byteLimit { bytes.removeFirst(bytes.count - Self.byteLimit) }
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }
}
