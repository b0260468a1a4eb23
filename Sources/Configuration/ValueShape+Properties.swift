import CommandLineArguments
import TypedValues

extension ValueShape where Value == [Property] {
    /// An arbitrary map of single values, passed on as text; `--flag key=value`, repeated, adds to it.
    public static var properties: ValueShape {
        ValueShape(
            placeholder: "KEY=VALUE",
            readNode: { node, key, context in
                guard case .mapping(let entries) = node.content else {
                    if node.isNull { return [] }
                    context.record(.wrongShape, "must be a mapping, not \(node.kind)", key, node.mark)
                    return nil
                }
                let properties = entries.compactMap { entry in
                    context.places["\(key).\(entry.key)"] = entry.value.mark
                    return context.text(entry.value, "\(key).\(entry.key)").map {
                        Property(key: entry.key, value: $0.text, isSecret: $0.isSecret)
                    }
                }
                // Each of them knows for itself whether it is a secret.
                context.metReference = false
                return properties.count == entries.count ? properties : nil
            },
            readText: nil,
            option: { text in
                .gathered(
                    text.name,
                    short: text.short,
                    placeholder: "KEY=VALUE",
                    defaultText: text.defaultText,
                    help: text.help
                ) { texts throws(ValueError) in
                    var properties: [Property] = []
                    for text in texts { properties = properties.merging([try property(text)]) }
                    return texts.isEmpty ? nil : properties
                }
            },
            printed: { properties in
                properties.map {
                    PrintedValue(SecretKeys.masked($0.value), suffix: ".\($0.key)", isSecret: $0.isSecret)
                }
            },
            merge: { $0.merging($1) }
        )
    }

    private static func property(_ text: String) throws(ValueError) -> Property {
        guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
            throw ValueError(text, "is not KEY=VALUE")
        }
        return Property(key: String(text[..<sign]), value: String(text[text.index(after: sign)...]))
    }
}
