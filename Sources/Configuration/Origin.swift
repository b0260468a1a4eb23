/// Where a value comes from, and where an error is.
public enum Origin: Hashable, Sendable {
    /// A place in the configuration file; line and column count from 1.
    case file(String, line: Int, column: Int)
    case environment(String)
    case flag(String)
    case defaultValue
}

extension Origin: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let name, let line, let column): "\(name):\(line):\(column)"
        case .environment(let name): "environment variable \(name)"
        case .flag(let name): "flag --\(name)"
        case .defaultValue: "default"
        }
    }
}
