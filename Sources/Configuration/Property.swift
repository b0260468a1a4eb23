/// Key and value passed on as they are, such as a librdkafka property.
public struct Property: Hashable, Sendable {
    public let key: String
    public let value: String
    /// Not to be printed. The description keeps it so.
    public let isSecret: Bool

    public init(key: String, value: String, isSecret: Bool = false) {
        self.key = key
        self.value = value
        self.isSecret = isSecret || SecretKeys.contains(key)
    }
}

extension Property: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "\(key)=\(isSecret ? SecretKeys.mask : SecretKeys.masked(value))" }
    public var debugDescription: String { description }
}

extension [Property] {
    /// The value of a key.
    public subscript(key: String) -> String? { last { $0.key == key }?.value }

    /// These, with those of `other` added and put in place of equal keys.
    func merging(_ other: [Property]) -> [Property] {
        let keys = Set(other.map(\.key))
        return filter { !keys.contains($0.key) } + other
    }
}
