/// Cuts a stream of byte chunks into lines, in bounded memory.
///
/// Lines end in `\n` or `\r\n`; the last one needs no end. A line longer than the limit is handed out
/// once, when its end is known, with its first bytes only and its true length.
public struct LineSplitter: Sendable {
    /// 1 MiB.
    public static let defaultMaximumLength = 1 << 20

    public let maximumLength: Int
    /// The stream's bytes that came before the line in hand.
    public private(set) var lineOffset: Int64 = 0
    private var carried: [UInt8] = []
    /// Bytes of the line in hand so far, also those that were not kept.
    private var length: Int64 = 0

    public init(maximumLength: Int = LineSplitter.defaultMaximumLength) {
        self.maximumLength = max(maximumLength, 1)
    }

    /// One line of the stream; its bytes are valid during the call only.
    public struct Line {
        /// The line without its end; the first `maximumLength` bytes if it is longer.
        public let bytes: UnsafeBufferPointer<UInt8>
        /// Where it begins in the stream.
        public let offset: Int64
        /// Its length without its end.
        public let length: Int64
        /// Whether `bytes` is not all of it.
        public var isTooLong: Bool { length > Int64(bytes.count) }
    }

    /// Takes the next chunk and hands out the lines that it completes. Time linear in the chunk; a line
    /// within one chunk is not copied. If `body` throws, the rest of the chunk is lost.
    public mutating func feed<Failure: Error>(
        _ chunk: UnsafeBufferPointer<UInt8>,
        _ body: (Line) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        while start < chunk.count {
            let stop = Self.firstNewline(chunk, from: start)
            let piece = UnsafeBufferPointer(rebasing: chunk[start..<stop])
            guard stop < chunk.count else {
                keep(piece)
                return
            }
            if length == 0, piece.count <= maximumLength {
                try hand(piece, length: Int64(piece.count), body)
            } else {
                keep(piece)
                try handCarried(body)
            }
            lineOffset += 1
            start = stop + 1
        }
    }

    /// Hands out the last line if the stream did not end in a line's end.
    public mutating func finish<Failure: Error>(
        _ body: (Line) throws(Failure) -> Void
    ) throws(Failure) {
        if length > 0 { try handCarried(body) }
    }

    private mutating func handCarried<Failure: Error>(
        _ body: (Line) throws(Failure) -> Void
    ) throws(Failure) {
        let total = length
        // The bytes are moved out so that the body runs while nothing of self is borrowed.
        var bytes = carried
        carried = []
        length = 0
        try bytes.withUnsafeBufferPointer { buffer throws(Failure) in
            try hand(buffer, length: total, body)
        }
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 16)
        carried = bytes
    }

    private mutating func hand<Failure: Error>(
        _ bytes: UnsafeBufferPointer<UInt8>,
        length: Int64,
        _ body: (Line) throws(Failure) -> Void
    ) throws(Failure) {
        let offset = lineOffset
        lineOffset += length
        let endsInReturn = length == Int64(bytes.count) && bytes.last == 0x0d
        let line = endsInReturn ? UnsafeBufferPointer(rebasing: bytes.dropLast()) : bytes
        try body(Line(bytes: line, offset: offset, length: endsInReturn ? length - 1 : length))
    }

    private mutating func keep(_ piece: UnsafeBufferPointer<UInt8>) {
        let room = maximumLength - carried.count
        if room > 0 { carried.append(contentsOf: piece.prefix(room)) }
        length += Int64(piece.count)
    }

    /// The position of the next newline, or the end. Eight bytes a step.
    private static func firstNewline(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return bytes.count }
        let raw = UnsafeRawPointer(base)
        let pattern = PaddedBytes.repeated(0x0a)
        var index = start
        while index &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let hits = PaddedBytes.zeroBytes(word ^ pattern)
            if hits != 0 { return index &+ (hits.trailingZeroBitCount &>> 3) }
            index &+= 8
        }
        while index < bytes.count, base[index] != 0x0a { index &+= 1 }
        return index
    }
}
