import Telemetry

/// How the records of one partition are written in an event.
struct KafkaPartitionForm: Sendable {
    /// What every record begins with, up to its offset.
    private let recordHead: [UInt8]

    init(topic: String, number: Int32) {
        var head: [UInt8] = []
        head.put(#"{"topic":"#)
        head.put(topic.jsonBytes)
        head.put(#","partition":"#)
        head.put(Int64(number))
        head.put(#","offset":"#)
        recordHead = head
    }

    func begin(_ output: inout some EventOutput, key: String) {
        output.put(key.jsonBytes)
        output.put(":[")
    }

    func end(_ output: inout some EventOutput) {
        output.put("]")
    }

    /// A record without a key has no such member; one without a value, a tombstone, has null.
    ///
    /// - Parameter bytes: those that the record's ranges are of; not looked at where the output only counts.
    func write(_ record: KafkaEvent.Record, of bytes: [UInt8], to output: inout some EventOutput) {
        output.put(recordHead)
        output.put(record.offset)
        output.put(#","timestamp":"#)
        output.put(record.timestamp)
        write(record.timestampType, to: &output)
        if let key = record.key {
            output.put(#","key":""#)
            output.putBase64(bytes, key)
            output.put("\"")
        }
        if let value = record.value {
            output.put(#","value":""#)
            output.putBase64(bytes, value)
            output.put("\"")
        } else {
            output.put(#","value":null"#)
        }
        output.put(#","headers":["#)
        for (position, header) in record.headers.enumerated() {
            if position > 0 { output.put(",") }
            write(header, to: &output)
        }
        output.put("]")
        write(record.keySchema, #","keySchemaMetadata":"#, to: &output)
        write(record.valueSchema, #","valueSchemaMetadata":"#, to: &output)
        output.put("}")
    }

    private func write(_ timestampType: String, to output: inout some EventOutput) {
        switch timestampType {
        // Every record has one of the two.
        case "CREATE_TIME": output.put(#","timestampType":"CREATE_TIME""#)
        case "LOG_APPEND_TIME": output.put(#","timestampType":"LOG_APPEND_TIME""#)
        default:
            output.put(#","timestampType":"#)
            output.put(timestampType.jsonBytes)
        }
    }

    /// A byte is signed, as Java's are.
    private func write(_ header: KafkaEvent.Header, to output: inout some EventOutput) {
        output.put("{")
        output.put(header.name.jsonBytes)
        guard let value = header.value else { return output.put(":null}") }
        output.put(":[")
        for (position, byte) in value.enumerated() {
            if position > 0 { output.put(",") }
            output.put(Int64(Int8(bitPattern: byte)))
        }
        output.put("]}")
    }

    private func write(
        _ schema: KafkaEvent.Schema?,
        _ member: StaticString,
        to output: inout some EventOutput
    ) {
        guard let schema else { return }
        output.put(member)
        output.put(#"{"dataFormat":"#)
        output.put(schema.dataFormat.jsonBytes)
        output.put(#","schemaId":"#)
        output.put(schema.id.jsonBytes)
        output.put("}")
    }
}

extension String {
    /// Quoted as JSON does.
    var jsonBytes: [UInt8] {
        var json = JSONWriter()
        json.string(nil, self)
        return Array(json.text.utf8)
    }
}
