import BinaryCoding
import DetectionPipeline

/// What FIFO queues and topics ask of a message.
enum MessageQueue {
    /// By the name of a topic or queue.
    static func isFIFO(_ name: String) -> Bool { name.hasSuffix(".fifo") }

    /// Messages of a stream keep their order.
    static func groupID(_ stream: RecordStream) -> String { bounded(stream.description) }

    /// The same for the same record, however often it comes.
    static func deduplicationID(_ identity: RecordIdentity) -> String { bounded(identity.description) }

    /// Both identifiers are at most 128 characters of ASCII without spaces. What is longer, or has others, is told apart
    /// by a hash of the whole before as much of its end as fits.
    private static func bounded(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        if isPlain, text.utf8.count <= 128 { return text }
        let end = text.utf8.suffix(96).map { (0x21...0x7e).contains($0) ? $0 : UInt8(ascii: "_") }
        let hash = String(stableHash(text.utf8), radix: 16)
        return "\(hash)-\(String(decoding: end, as: UTF8.self))"
    }
}
