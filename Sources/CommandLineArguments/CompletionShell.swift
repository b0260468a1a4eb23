/// The shells that a completion script can be made for.
public enum CompletionShell: String, CaseIterable, Sendable {
    case bash
    case zsh
    case fish

    /// The line that loads the completion of `program` into a running shell.
    func installation(of program: String) -> String {
        switch self {
        case .bash, .zsh: "source <(\(program) completion \(rawValue))"
        case .fish: "\(program) completion fish | source"
        }
    }
}
