/// The UUID of a mapping, in lower case.
public struct EventSourceMappingID: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        self.text = text.lowercased()
    }

    public var description: String { text }
}
