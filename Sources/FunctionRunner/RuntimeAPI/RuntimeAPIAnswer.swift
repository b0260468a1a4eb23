/// What the Runtime API says to a process that hands something in.
enum RuntimeAPIAnswer: Sendable, Hashable {
    case accepted
    /// No event of this ID is under way.
    case unknownRequest
    case tooLarge
    /// The environment is in a state, named as Lambda names it, in which this is not expected.
    case notAllowed(from: String)
}
