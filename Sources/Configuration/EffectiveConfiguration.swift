/// The values in force, each with its origin.
public struct EffectiveConfiguration: Sendable {
    /// One value as it may be printed.
    public struct Entry: Hashable, Sendable {
        /// The setting's key, and within a map or list what follows it.
        public let key: String
        /// The value, masked where it is a secret.
        public let text: String
        public let origin: Origin
        public let isSecret: Bool
    }

    /// In the schema's order; a setting without a value has none, a map one for each key.
    public let entries: [Entry]
    /// What is no error but looks like one, such as an environment variable that sets nothing.
    public let warnings: [String]
    /// In the schema's order.
    let keys: [String]
    let settings: [String: ResolvedSetting]

    init(settings: [(key: String, value: ResolvedSetting)], warnings: [String]) {
        entries = settings.flatMap(\.value.entries)
        self.warnings = warnings
        keys = settings.map(\.key)
        self.settings = Dictionary(settings) { first, _ in first }
    }

    /// The value of a setting.
    /// - Precondition: the schema that made this holds the setting.
    public subscript<Value>(setting: Setting<Value>) -> Value {
        let key = setting.declaration.key
        guard let bound = settings[key]?.value as? Bound<Value> else {
            preconditionFailure("the schema does not hold '\(key)' with this type")
        }
        return bound.value
    }

    /// Where the value comes from; of a map, the strongest source that added to it.
    public func origin<Value>(of setting: Setting<Value>) -> Origin {
        settings[setting.declaration.key]?.origin ?? .defaultValue
    }

    /// The entries in three columns: key, value, origin.
    public var table: String {
        let keyWidth = entries.map(\.key.count).max() ?? 0
        let textWidth = min(40, entries.map(\.text.count).max() ?? 0)
        return entries.map { entry in
            let key = Self.padded(entry.key, keyWidth)
            return "\(key)  \(Self.padded(entry.text, textWidth))  \(entry.origin)\n"
        }.joined()
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
