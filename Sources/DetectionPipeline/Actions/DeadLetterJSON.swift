import Telemetry

/// A dead letter as one JSON object on one line: where the record was, why it is here, and the record whole with key and
/// headers (`value`, or `value_base64` if it is not UTF-8).
public enum DeadLetterJSON {
    public static func line(_ letter: DeadLetter) -> String {
        let identity = letter.identity
        var json = JSONWriter()
        json.object { json in
            json.string("reason", letter.reason)
            json.integer("attempt", letter.attempt)
            json.object("source") { json in
                json.string("name", identity.stream.name)
                json.string("origin", identity.stream.origin)
                json.integer("partition", identity.stream.partition)
                json.integer("offset", identity.offset)
                json.integer("timestamp", identity.timestampMilliseconds)
            }
            json.bytes("key", letter.key)
            json.bytes("value", letter.value)
            json.array("headers") { json in
                for header in letter.headers {
                    json.object { json in
                        json.string("name", header.name)
                        json.bytes("value", header.value)
                    }
                }
            }
        }
        return json.text
    }
}
