import JSONText

extension JSONReader {
    /// Reads `records`: an object of arrays.
    mutating func readKafkaPartitions() throws(JSONError) -> [KafkaEvent.Partition] {
        var partitions: [KafkaEvent.Partition] = []
        try enterObject()
        while let key = try nextKey() {
            let name = key.text
            // A topic may have dashes, so that the records say better where it ends.
            let dash = name.lastIndex(of: "-")
            var partition = KafkaEvent.Partition(
                key: name,
                topic: dash.map { String(name[..<$0]) } ?? name,
                number: dash.flatMap { Int32(name[name.index(after: $0)...]) } ?? 0
            )
            try enterArray()
            while try nextElement() { try readKafkaRecord(into: &partition) }
            partitions.append(partition)
        }
        return partitions
    }

    private mutating func readKafkaRecord(into partition: inout KafkaEvent.Partition) throws(JSONError) {
        var record = KafkaEvent.Record(offset: 0, timestamp: 0, timestampType: "")
        let start = offset
        var hasOffset = false
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "topic":
                // The same for all, so that the text is made only once.
                let topic = try readString()
                if partition.records.isEmpty { partition.topic = topic.text }
            case "partition":
                let place = offset
                guard let number = Int32(exactly: try readInteger()), number >= 0 else {
                    throw JSONError(.outOfRange, at: place, "no partition has this number")
                }
                partition.number = number
            case "offset":
                let place = offset
                record.offset = try readInteger()
                hasOffset = true
                guard (0..<Int64.max).contains(record.offset) else {
                    throw JSONError(.outOfRange, at: place, "no record has this offset")
                }
            case "timestamp": record.timestamp = try readNull() ? 0 : readInteger()
            case "timestampType": record.timestampType = try readTextIfAny() ?? ""
            case "key":
                record.key = try readBase64(into: &partition.bytes, defect: &record.defect, name: "key")
            case "value":
                record.value = try readBase64(into: &partition.bytes, defect: &record.defect, name: "value")
            case "headers": record.headers = try readNull() ? [] : readKafkaHeaders()
            case "keySchemaMetadata": record.keySchema = try readSchema()
            case "valueSchemaMetadata": record.valueSchema = try readSchema()
            default: try skipValue()
            }
        }
        guard hasOffset else { throw JSONError(.malformed, at: start, "a record without its offset") }
        partition.records.append(record)
    }

    /// Appends the bytes that a string holds in base64.
    ///
    /// - Returns: where they are; nil for null. Of malformed base64 the text, and the defect says so.
    mutating func readBase64(
        into bytes: inout [UInt8],
        defect: inout String?,
        name: String
    ) throws(JSONError) -> Range<Int>? {
        if try readNull() { return nil }
        let string = try readString()
        let start = bytes.count
        do throws(Base64Error) {
            try string.appendDecodedBase64(to: &bytes)
        } catch {
            string.append(to: &bytes)
            defect = "\(name): \(error.message)"
        }
        return start..<bytes.count
    }

    /// An array of objects, mostly of one member each: name to bytes.
    private mutating func readKafkaHeaders() throws(JSONError) -> [KafkaEvent.Header] {
        var headers: [KafkaEvent.Header] = []
        try enterArray()
        while try nextElement() {
            try enterObject()
            while let name = try nextKey() {
                headers.append(
                    KafkaEvent.Header(name: name.text, value: try readNull() ? nil : readSignedBytes())
                )
            }
        }
        return headers
    }

    /// Bytes as numbers, signed as Java writes them; unsigned ones are taken too.
    private mutating func readSignedBytes() throws(JSONError) -> [UInt8] {
        var bytes: [UInt8] = []
        try enterArray()
        while try nextElement() {
            let place = offset
            let number = try readInteger()
            guard (-128...255).contains(number) else {
                throw JSONError(.outOfRange, at: place, "a header's byte lies between -128 and 255")
            }
            bytes.append(UInt8(truncatingIfNeeded: number))
        }
        return bytes
    }

    private mutating func readSchema() throws(JSONError) -> KafkaEvent.Schema? {
        if try readNull() { return nil }
        var schema = KafkaEvent.Schema(dataFormat: "", id: "")
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "dataFormat": schema.dataFormat = try readTextIfAny() ?? ""
            case "schemaId": schema.id = try readTextIfAny() ?? ""
            default: try skipValue()
            }
        }
        return schema
    }
}
