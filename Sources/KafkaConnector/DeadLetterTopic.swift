public import DetectionPipeline
public import KafkaClient

/// Dead letters as records of a topic: key, value and headers as they were, and
/// headers that say why and from where.
///
/// A letter that is too large for the topic is cut; its headers then say how large it was.
public final class DeadLetterTopic: DeadLetterSink {
    private let producer: KafkaProducer
    private let topic: String
    private let timeout: Duration

    /// Bytes that a letter is cut to, one after the other, until the topic takes it.
    static let cuts = [500_000, 50_000, 5_000]

    /// - Parameter timeout: how long a batch may take until every record is acknowledged.
    public init(_ producer: KafkaProducer, topic: String, timeout: Duration = .seconds(60)) {
        self.producer = producer
        self.topic = topic
        self.timeout = timeout
    }

    public func store(_ letters: [DeadLetter]) throws {
        var refused: [DeadLetter] = []
        for (letter, delivery) in zip(letters, produce(letters)) {
            guard let error = delivery.error else { continue }
            guard error.code == .messageTooLarge else { throw error }
            refused.append(letter)
        }
        // A broker refuses a batch of the protocol as a whole: who is to blame shows when each comes alone.
        for letter in refused { try storeAlone(letter) }
    }

    private func storeAlone(_ letter: DeadLetter) throws {
        guard let error = produce([letter]).first?.error else { return }
        var last = error
        for limit in Self.cuts {
            guard last.code == .messageTooLarge else { break }
            guard let error = produce([letter.cut(to: limit)]).first?.error else { return }
            last = error
        }
        throw last.code == .messageTooLarge ? LetterTooLarge(error: last) : last
    }

    private func produce(_ letters: [DeadLetter]) -> [KafkaDelivery] {
        var batch = KafkaProducerBatch(topic: topic)
        for letter in letters {
            let headers = letter.headers.map { KafkaHeader($0.name, $0.value) } + Self.headers(letter)
            if let value = letter.value {
                batch.append(value: value, key: letter.key, headers: headers)
            } else {
                batch.appendTombstone(key: letter.key ?? [], headers: headers)
            }
        }
        return producer.produce(batch, timeout: timeout)
    }

    private static func headers(_ letter: DeadLetter) -> [KafkaHeader] {
        let identity = letter.identity
        return [
            ("timberline.reason", letter.reason),
            ("timberline.topic", identity.stream.name),
            ("timberline.partition", String(identity.stream.partition)),
            ("timberline.offset", String(identity.offset)),
            ("timberline.timestamp", String(identity.timestampMilliseconds)),
            ("timberline.attempt", String(letter.attempt)),
        ].map { KafkaHeader($0.0, text: $0.1) }
    }
}

/// A topic that takes not even the smallest cut of a letter. The letter is not to blame, and waits until somebody
/// raises the topic's limit.
struct LetterTooLarge: ClassifiedError, CustomStringConvertible {
    let error: KafkaError

    var description: String { "\(error)" }

    var failureKind: FailureKind { .transient }
}
