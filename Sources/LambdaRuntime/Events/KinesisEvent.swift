import JSONText

/// Records of a Kinesis data stream's shards.
///
/// Source: AWS Lambda Developer Guide, "Using Lambda to process records from Amazon Kinesis Data Streams".
public struct KinesisEvent: Sendable, Hashable {
    /// In the order of the event, each shard once.
    public var shards: [Shard]

    /// Records of one shard, their bytes together.
    public struct Shard: Sendable, Hashable {
        public var streamARN: String
        public var id: String
        /// The data of all, decoded.
        public var bytes: [UInt8] = []
        public var records: [Record] = []
    }

    /// One record. Its range is of the shard's `bytes`.
    public struct Record: Sendable, Hashable {
        /// Decimal, of more digits than 64 bits hold; grows within a shard.
        public var sequenceNumber: String
        public var partitionKey: String
        /// Milliseconds since 1970.
        public var arrival: Int64
        public var data: Range<Int>
        /// Why the data could not be decoded, if so; the range then holds the text as it came.
        public var defect: String?
    }
}

extension JSONReader {
    mutating func readKinesisEvent() throws(JSONError) -> KinesisEvent {
        var event = KinesisEvent(shards: [])
        try enterArray()
        while try nextElement() { try readKinesisRecord(into: &event) }
        return event
    }

    private mutating func readKinesisRecord(into event: inout KinesisEvent) throws(JSONError) {
        var (arn, eventID) = ("", "")
        // Which shard it belongs to may stand behind the data.
        var payload: KinesisPayload?
        let start = offset
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "eventSourceARN": arn = try readTextIfAny() ?? ""
            case "eventID": eventID = try readTextIfAny() ?? ""
            case "kinesis": payload = try readKinesisPayload()
            default: try skipValue()
            }
        }
        guard let payload, let data = payload.data, !payload.sequenceNumber.isEmpty,
            payload.sequenceNumber.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw JSONError(.malformed, at: start, "a record without its data or sequence number") }
        let shardID = String(eventID.prefix { $0 != ":" })
        let known = event.shards.lastIndex { $0.id == shardID && $0.streamARN == arn }
        let index = known ?? event.shards.count
        if known == nil { event.shards.append(KinesisEvent.Shard(streamARN: arn, id: shardID)) }
        event.shards[index].append(payload, data)
    }

    private mutating func readKinesisPayload() throws(JSONError) -> KinesisPayload {
        var payload = KinesisPayload()
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "sequenceNumber": payload.sequenceNumber = try readString().text
            case "partitionKey": payload.partitionKey = try readTextIfAny() ?? ""
            case "data": payload.data = try readString()
            case "approximateArrivalTimestamp":
                let seconds = try readDouble()
                payload.arrival = Int64(exactly: (seconds * 1_000).rounded()) ?? 0
            default: try skipValue()
            }
        }
        return payload
    }
}

private struct KinesisPayload {
    var sequenceNumber = ""
    var partitionKey = ""
    var arrival: Int64 = 0
    var data: JSONString?
}

extension KinesisEvent.Shard {
    fileprivate mutating func append(_ payload: KinesisPayload, _ data: JSONString) {
        let start = bytes.count
        var defect: String?
        do throws(Base64Error) {
            try data.appendDecodedBase64(to: &bytes)
        } catch {
            data.append(to: &bytes)
            defect = "data: \(error.message)"
        }
        records.append(
            KinesisEvent.Record(
                sequenceNumber: payload.sequenceNumber,
                partitionKey: payload.partitionKey,
                arrival: payload.arrival,
                data: start..<bytes.count,
                defect: defect
            )
        )
    }
}
