import CommandLineArguments
import TypedValues

extension ValueShape {
    /// A list of mappings, only in a file.
    ///
    /// `read` asks the reader for every key that it knows; `write` gives keys and texts for printing.
    public static func records<Element>(
        of type: Element.Type,
        read: @escaping @Sendable (inout RecordReader) -> Element?,
        write: @escaping @Sendable (Element) -> [(key: String, text: String)]
    ) -> ValueShape where Value == [Element] {
        ValueShape(
            placeholder: "LIST",
            readNode: { node, key, context in
                guard case .sequence(let nodes) = node.content else {
                    context.record(
                        .wrongShape,
                        "must be a list of mappings, not \(node.kind)",
                        key,
                        node.mark
                    )
                    return nil
                }
                var elements: [Element] = []
                for (index, node) in nodes.enumerated() {
                    guard var reader = RecordReader(node, "\(key)[\(index)]", &context) else { continue }
                    let element = read(&reader)
                    reader.finish()
                    context = reader.context
                    if reader.isSound, let element { elements.append(element) }
                }
                return elements.count == nodes.count ? elements : nil
            },
            readText: nil,
            option: { text in
                .gathered(text.name, placeholder: "LIST", help: text.help) { texts throws(ValueError) in
                    if let text = texts.last { throw ValueError(text, "can be set only in a file") }
                    return nil
                }
            },
            printed: { elements in
                elements.enumerated().flatMap { index, element in
                    write(element).map { PrintedValue($0.text, suffix: "[\(index)].\($0.key)") }
                }
            },
            merge: { $1 }
        )
    }
}
