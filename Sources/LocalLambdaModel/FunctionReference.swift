/// A function as requests name it, in any of the forms that Lambda takes:
///
/// | form | example |
/// |---|---|
/// | name | `scorer` |
/// | name with qualifier | `scorer:live`, `scorer:$LATEST` |
/// | partial ARN | `123456789012:function:scorer`, `123456789012:scorer` |
/// | ARN | `arn:aws:lambda:us-east-1:123456789012:function:scorer:live` |
public struct FunctionReference: Sendable, Hashable {
    public var name: FunctionName
    /// Nil where the request has none, which mostly means the latest version.
    public var qualifier: FunctionQualifier?
    /// Where the form has one.
    public var account: String?
    /// Where the form has one.
    public var region: String?

    public init(_ name: FunctionName, _ qualifier: FunctionQualifier? = nil) {
        self.name = name
        self.qualifier = qualifier
    }

    /// Nil where the text is none of the forms.
    public init?(_ text: some StringProtocol) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        if parts.first == "arn" {
            guard parts.count >= 7, parts[1].hasPrefix("aws"), parts[2] == "lambda", parts[5] == "function",
                !parts[3].isEmpty, parts[4].isAccount
            else { return nil }
            region = String(parts[3])
            account = String(parts[4])
            parts = parts[6...]
        } else {
            if parts.count > 1, let first = parts.first, first.isAccount {
                account = String(first)
                parts.removeFirst()
            }
            if parts.count > 1, parts.first == "function" { parts.removeFirst() }
        }
        guard (1...2).contains(parts.count), let first = parts.popFirst(), let name = FunctionName(first)
        else {
            return nil
        }
        self.name = name
        if let last = parts.first {
            guard let qualifier = FunctionQualifier(last) else { return nil }
            self.qualifier = qualifier
        }
    }

    /// The full ARN, with the qualifier if there is one.
    public func arn(in location: AWSLocation) -> String {
        location.arn("lambda", "function:\(name)" + (qualifier.map { ":\($0)" } ?? ""))
    }
}

extension StringProtocol {
    /// Whether it is a number of an account.
    fileprivate var isAccount: Bool { utf8.count == 12 && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
