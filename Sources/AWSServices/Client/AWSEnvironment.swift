import Telemetry

/// The environment variables that settings and credentials come from.
public struct AWSEnvironment: Sendable, Hashable {
    public let variables: [String: String]

    public init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// This process's, as they are now.
    public static func process() -> AWSEnvironment { AWSEnvironment(processEnvironment()) }

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
