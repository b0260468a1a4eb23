public import DetectionPipeline
public import Telemetry

/// Dead letters as error lines of the log that hold the record: for functions that have no better place.
public final class LoggedDeadLetters: DeadLetterSink {
    private let logger: Logger

    public init(_ logger: Logger) {
        self.logger = logger
    }

    public func store(_ letters: [DeadLetter]) throws {
        for letter in letters {
            var value = JSONWriter()
            value.object { json in
                json.bytes("key", letter.key)
                json.bytes("value", letter.value)
            }
            logger.error(
                "dead_letter",
                "A record cannot be processed: \(letter.reason)",
                ["source": .string(letter.identity.description), "record": .string(value.text)]
            )
        }
    }
}
