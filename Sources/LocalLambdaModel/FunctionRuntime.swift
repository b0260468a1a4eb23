/// What runs a function's code.
public enum FunctionRuntime: Sendable, Hashable, CustomStringConvertible {
    /// `provided.al2023`, `provided.al2`: the zip's own `bootstrap`.
    case provided(String)
    /// `python3.MINOR`: a handler that AWS's runtime client calls.
    case python(minor: Int)

    /// Nil for a runtime that is not known here.
    public init?(_ identifier: some StringProtocol) {
        if identifier == "provided.al2023" || identifier == "provided.al2" {
            self = .provided(String(identifier))
        } else if identifier.hasPrefix("python3."), let minor = Int(identifier.dropFirst("python3.".count)),
            (8...14).contains(minor)
        {
            self = .python(minor: minor)
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .provided(let identifier): identifier
        case .python(let minor): "python3.\(minor)"
        }
    }
}
