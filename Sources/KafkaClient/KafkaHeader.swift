/// A header of a record: a name and bytes, or null.
public struct KafkaHeader: Sendable, Hashable {
    public let name: String
    public let value: [UInt8]?

    public init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    public init(_ name: String, text: String) {
        self.init(name, Array(text.utf8))
    }
}
