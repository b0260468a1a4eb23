public import AWSServices
public import DetectionPipeline

/// Dead letters as messages of an SQS queue, each as `DeadLetterJSON` writes it.
///
/// A queue takes messages up to 256 KiB: of a larger record the beginning is sent, and the reason says so.
public final class DeadLetterQueue: DeadLetterSink {
    private let client: AWSClient
    private let queueURL: String

    public init(_ client: AWSClient, queueURL: String) {
        self.client = client
        self.queueURL = queueURL
    }

    public func store(_ letters: [DeadLetter]) throws {
        try client.sendMessages(letters.map(message), to: queueURL).check()
    }

    private func message(of letter: DeadLetter) -> SQS.Message {
        var message = SQS.Message(
            body: Self.body(of: letter),
            attributes: ["reason": Self.attribute(letter.reason)]
        )
        if MessageQueue.isFIFO(queueURL) {
            message.groupID = MessageQueue.groupID(letter.identity.stream)
            message.deduplicationID = MessageQueue.deduplicationID(letter.identity)
        }
        return message
    }

    /// Room for the attribute, and for what a queue counts besides.
    private static let bodyLimit = 250 << 10

    static func body(of letter: DeadLetter) -> String {
        let body = DeadLetterJSON.line(letter)
        guard body.utf8.count > bodyLimit else { return body }
        var short = letter
        short.reason = "\(letter.reason) (cut: the record has \(letter.value?.count ?? 0) bytes)"
        short.key = letter.key.map { Array($0.prefix(8 << 10)) }
        // JSON makes up to six bytes of one.
        short.value = letter.value.map { Array($0.prefix(32 << 10)) }
        return DeadLetterJSON.line(short)
    }

    /// Attributes hold no control characters, and are for people.
    private static func attribute(_ reason: String) -> String {
        let plain = reason.unicodeScalars.prefix(500).map { $0.value < 0x20 || $0.value > 0x7e ? "?" : $0 }
        return plain.isEmpty ? "-" : String(String.UnicodeScalarView(plain))
    }
}
