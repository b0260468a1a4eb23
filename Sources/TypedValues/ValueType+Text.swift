extension ValueType where Value == String {
    /// Any text that is not empty.
    public static var string: ValueType { text(placeholder: "TEXT", completion: .nothing) }

    /// Any text, empty too.
    public static var anyString: ValueType {
        ValueType(placeholder: "TEXT") {
            $0
        } write: {
            $0
        }
    }

    /// The path of a file.
    public static var file: ValueType { text(placeholder: "FILE", completion: .files) }

    /// The path of a directory.
    public static var directory: ValueType { text(placeholder: "DIRECTORY", completion: .directories) }

    private static func text(placeholder: String, completion: Completion) -> ValueType {
        ValueType(placeholder: placeholder, completion: completion) { text throws(ValueError) in
            guard !text.isEmpty else { throw ValueError(text, "is empty") }
            return text
        } write: {
            $0
        }
    }
}

extension ValueType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the raw values of an enumeration.
    public static var choice: ValueType {
        let names = Value.allCases.map(\.rawValue)
        return ValueType(placeholder: names.joined(separator: "|"), completion: .choices(names)) {
            text throws(ValueError) in
            guard let value = Value(rawValue: text) else {
                throw ValueError(
                    text,
                    "is not one of \(names.joined(separator: ", "))",
                    suggestion: ClosestName.of(text, in: names)
                )
            }
            return value
        } write: {
            $0.rawValue
        }
    }
}
