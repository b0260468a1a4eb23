/// Options under a heading of their own in the help.
public struct OptionGroup: CommandElement {
    public let declarations: [Declaration]

    public init(_ heading: String, _ elements: [any CommandElement]) {
        declarations = elements.flatMap(\.declarations).map {
            guard case .option(var option) = $0 else { return $0 }
            option.group = option.group ?? heading
            return .option(option)
        }
    }
}
