import JSONText

/// Objects that something happened to in buckets.
///
/// Source: Amazon S3 User Guide, "Event message structure", version 2.1 and later.
public struct S3Event: Sendable, Hashable {
    public var objects: [Object] = []

    public struct Object: Sendable, Hashable {
        /// `ObjectCreated:Put` and others.
        public var eventName: String
        public var region: String
        public var bucket: String
        /// As it is in the bucket: the event has it encoded as in a URL's query.
        public var key: String
        /// Of a bucket with versions.
        public var versionID: String?
        public var eTag: String
        /// Bytes.
        public var size: Int64
        /// Orders the events of one key: hexadecimal, longer is later.
        public var sequencer: String

        /// Whether there is something new to read.
        public var isCreated: Bool { eventName.hasPrefix("ObjectCreated:") }
    }
}

extension JSONReader {
    mutating func readS3Event() throws(JSONError) -> S3Event {
        var event = S3Event()
        try enterArray()
        while try nextElement() { event.objects.append(try readS3Record()) }
        return event
    }

    private mutating func readS3Record() throws(JSONError) -> S3Event.Object {
        let start = offset
        var object = S3Event.Object(
            eventName: "",
            region: "",
            bucket: "",
            key: "",
            eTag: "",
            size: 0,
            sequencer: ""
        )
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "eventName": object.eventName = try readTextIfAny() ?? ""
            case "awsRegion": object.region = try readTextIfAny() ?? ""
            case "s3": try readS3Part(into: &object)
            default: try skipValue()
            }
        }
        guard !object.bucket.isEmpty, !object.key.isEmpty else {
            throw JSONError(.malformed, at: start, "a record without its bucket or key")
        }
        return object
    }

    private mutating func readS3Part(into object: inout S3Event.Object) throws(JSONError) {
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "bucket":
                try enterObject()
                while let key = try nextKey() {
                    if key == "name" { object.bucket = try readString().text } else { try skipValue() }
                }
            case "object": try readS3Object(into: &object)
            default: try skipValue()
            }
        }
    }

    private mutating func readS3Object(into object: inout S3Event.Object) throws(JSONError) {
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "key":
                let place = offset
                guard let text = try readString().text.decodedFormValue else {
                    throw JSONError(.malformed, at: place, "a key whose encoding is damaged")
                }
                object.key = text
            case "size": object.size = try readInteger()
            case "eTag": object.eTag = try readTextIfAny() ?? ""
            case "versionId": object.versionID = try readTextIfAny()
            case "sequencer": object.sequencer = try readTextIfAny() ?? ""
            default: try skipValue()
            }
        }
    }
}

extension String {
    /// Decoded from `application/x-www-form-urlencoded`: `+` is a space, `%2B` a plus. Nil where an escape is cut or the
    /// bytes are not UTF-8.
    fileprivate var decodedFormValue: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard rest.count >= 2,
                    let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                    rest.first != UInt8(ascii: "+")
                else { return nil }
                bytes.append(value)
                rest.removeFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
