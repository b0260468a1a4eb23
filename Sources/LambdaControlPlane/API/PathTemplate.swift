/// The form of an operation's path: `/2015-03-31/functions/{FunctionName}/code`.
struct PathTemplate: Sendable {
    private enum Part: Sendable {
        case text(Substring)
        case parameter(String)
    }

    let text: String
    private let parts: [Part]

    init(_ text: String) {
        self.text = text
        parts = text.split(separator: "/").map { part in
            part.first == "{" ? .parameter(String(part.dropFirst().dropLast())) : .text(part)
        }
    }

    /// The parameters by name; nil where the path is another one.
    ///
    /// - Parameter path: decoded, split at its slashes.
    func parameters(in path: [Substring]) -> [String: String]? {
        guard path.count == parts.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, given) in zip(parts, path) {
            switch part {
            case .text(let text):
                guard text == given else { return nil }
            case .parameter(let name): parameters[name] = String(given)
            }
        }
        return parameters
    }
}
