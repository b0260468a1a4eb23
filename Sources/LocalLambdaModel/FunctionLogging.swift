/// How a function's log lines are written.
public struct FunctionLogging: Sendable, Hashable {
    /// `Text` or `JSON`.
    public var format = "Text"
    /// `DEBUG`, `INFO`, …; for the format `JSON` only.
    public var applicationLevel: String?
    /// Level of the platform's own lines; for the format `JSON` only.
    public var systemLevel: String?
    /// `/aws/lambda/NAME`, unless the function says otherwise.
    public var group: String

    public init(group: String) {
        self.group = group
    }
}
