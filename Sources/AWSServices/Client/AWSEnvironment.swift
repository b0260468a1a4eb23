#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The environment variables that settings and credentials come from.
public struct AWSEnvironment: Sendable, Hashable {
    public let variables: [String: String]

    public init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// This process's, as they are now.
    public static func process() -> AWSEnvironment {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        return AWSEnvironment(variables)
    }

    /// The variable's value; nil where it is not set, or empty.
    public subscript(name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether the variable is `true`, in any letter case.
    func isTrue(_ name: String) -> Bool { self[name]?.lowercased() == "true" }
}

extension AWSEnvironment: CustomStringConvertible, CustomReflectable {
    /// Variables hold secrets: only how many there are.
    public var description: String { "environment of \(variables.count) variables" }
    public var customMirror: Mirror { Mirror(self, children: ["count": variables.count]) }
}
