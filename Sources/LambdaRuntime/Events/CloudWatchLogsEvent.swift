import Compression
import JSONText

/// Log events that a subscription filter passes on: a compressed JSON text inside the event.
///
/// Source: Amazon CloudWatch Logs User Guide, "Using CloudWatch Logs subscription filters".
public struct CloudWatchLogsEvent: Sendable, Hashable {
    public var logGroup = ""
    public var logStream = ""
    /// `DATA_MESSAGE`, or `CONTROL_MESSAGE` for a check whether the target can be reached.
    public var messageType = ""
    /// The messages of all, in UTF-8.
    public var bytes: [UInt8] = []
    public var events: [Event] = []
    /// Why the compressed text could not be read, if so: then nothing else is known.
    public var defect: String?

    /// One log event. Its range is of the whole event's `bytes`.
    public struct Event: Sendable, Hashable {
        public var id: String
        /// Milliseconds since 1970.
        public var timestamp: Int64
        public var message: Range<Int>
    }

    /// Bytes of a text that is decompressed, at most: a service writes a few megabytes.
    public static let decompressedLimit = 64 << 20

    /// What a Kinesis record holds that a subscription filter wrote; nil for any other data.
    public init?(compressed data: [UInt8]) {
        guard CompressionFormat.detect(data) == .gzip else { return nil }
        var event = CloudWatchLogsEvent()
        guard (try? event.read(compressed: data)) != nil, !event.messageType.isEmpty else { return nil }
        self = event
    }

    private init() {}

    fileprivate init(base64 string: JSONString) {
        do {
            var data: [UInt8] = []
            try string.appendDecodedBase64(to: &data)
            try read(compressed: data)
        } catch {
            self = CloudWatchLogsEvent()
            string.append(to: &bytes)
            defect = "awslogs.data: \(error)"
        }
    }

    private mutating func read(compressed data: [UInt8]) throws {
        let decompressor = try Decompressor(format: .gzip)
        var text: [UInt8] = []
        func take(_ piece: UnsafeBufferPointer<UInt8>) throws {
            guard text.count + piece.count <= Self.decompressedLimit else {
                throw EventError(.malformed, "more than \(Self.decompressedLimit) bytes when decompressed")
            }
            text += piece
        }
        try data.withUnsafeBufferPointer { try decompressor.feed($0, take) }
        try decompressor.finish(take)
        var json = JSONReader(text)
        try json.readLogs(into: &self)
        try json.finish()
    }
}

extension JSONReader {
    /// Reads `awslogs`.
    mutating func readCloudWatchLogs() throws(JSONError) -> CloudWatchLogsEvent? {
        var event: CloudWatchLogsEvent?
        try enterObject()
        while let key = try nextKey() {
            if key == "data" {
                event = CloudWatchLogsEvent(base64: try readString())
            } else {
                try skipValue()
            }
        }
        return event
    }

    fileprivate mutating func readLogs(into event: inout CloudWatchLogsEvent) throws(JSONError) {
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "messageType": event.messageType = try readTextIfAny() ?? ""
            case "logGroup": event.logGroup = try readTextIfAny() ?? ""
            case "logStream": event.logStream = try readTextIfAny() ?? ""
            case "logEvents":
                try enterArray()
                while try nextElement() { try readLogEvent(into: &event) }
            default: try skipValue()
            }
        }
    }

    private mutating func readLogEvent(into event: inout CloudWatchLogsEvent) throws(JSONError) {
        let start = event.bytes.count
        var item = CloudWatchLogsEvent.Event(id: "", timestamp: 0, message: start..<start)
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "id": item.id = try readString().text
            case "timestamp": item.timestamp = try readInteger()
            case "message": try readString().append(to: &event.bytes)
            default: try skipValue()
            }
        }
        item.message = start..<event.bytes.count
        event.events.append(item)
    }
}
