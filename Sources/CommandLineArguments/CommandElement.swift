/// What a command may declare: an `Option`, a `Positional`, or an `OptionGroup`.
public protocol CommandElement: Sendable {
    var declarations: [Declaration] { get }
}

/// A declared argument without its type, as the parser and the help read it.
public enum Declaration: Sendable {
    case option(OptionDeclaration)
    case positional(PositionalDeclaration)
}
