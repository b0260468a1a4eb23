import CommandLineArguments
public import TypedValues

extension ValueShape {
    /// A list: a YAML sequence, or one text with commas, which is also the form of flags and variables.
    public static func list<Element>(of type: ValueType<Element>, minimum: Int = 0) -> ValueShape
    where Value == [Element] {
        let parse: @Sendable (String) throws(ValueError) -> [Element] = { text throws(ValueError) in
            var values: [Element] = []
            for part in text.split(separator: ",") {
                values.append(try type.value(of: String(part.trimmingSpaces)))
            }
            guard values.count >= minimum else { throw ValueError(text, "is empty") }
            return values
        }
        return ValueShape(
            placeholder: "\(type.placeholder),…",
            readNode: { node, key, context in
                guard case .sequence(let nodes) = node.content else {
                    let whole = ValueType(placeholder: "", read: parse, write: { _ in "" })
                    return context.value(node, whole, key)
                }
                guard nodes.count >= minimum else {
                    context.record(.missingValue, "the list is empty", key, node.mark)
                    return nil
                }
                let values = nodes.enumerated().compactMap { index, node in
                    context.value(node, type, "\(key)[\(index)]")
                }
                return values.count == nodes.count ? values : nil
            },
            readText: parse,
            option: { text in
                .gathered(
                    text.name,
                    short: text.short,
                    placeholder: type.placeholder,
                    completion: type.completion,
                    defaultText: text.defaultText,
                    help: text.help
                ) { texts throws(ValueError) in
                    var values: [Element] = []
                    for text in texts { values += try parse(text) }
                    return texts.isEmpty ? nil : values
                }
            },
            printed: { values in
                [PrintedValue(values.isEmpty ? "[]" : values.map(type.text(of:)).joined(separator: ","))]
            },
            merge: { $1 }
        )
    }
}

extension Substring {
    var trimmingSpaces: Substring {
        let head = drop { $0 == " " }
        return head.prefix((head.lastIndex { $0 != " " }.map { head[...$0].count }) ?? 0)
    }
}
