/// A value as `check` prints it; a map gives one for each key.
struct PrintedValue: Sendable {
    /// What follows the setting's own key: nothing, or `.client.id`.
    let suffix: String
    let text: String
    let isSecret: Bool

    init(_ text: String, suffix: String = "", isSecret: Bool = false) {
        self.text = text
        self.suffix = suffix
        self.isSecret = isSecret
    }
}
