import HTTPServer
import JSONText
import LocalLambdaModel

/// One request of an operation.
struct APICall {
    let request: HTTPRequest
    /// Of the path, by name.
    let parameters: [String: String]

    func query(_ name: String) -> String? { request.query(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// The body's members.
    func fields() throws -> RequestFields { try RequestFields(body: request.body) }

    /// The path's function, with the query's qualifier where the name has none.
    func function() throws(ControlPlaneError) -> FunctionReference {
        var reference = try Self.function(parameters["FunctionName"] ?? "", "functionName")
        guard let text = query("Qualifier") else { return reference }
        guard let qualifier = FunctionQualifier(text) else {
            throw .invalid(
                "qualifier",
                text,
                "Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)"
            )
        }
        guard reference.qualifier == nil || reference.qualifier == qualifier else {
            throw .invalid(
                "The derived qualifier from the function name does not match the specified qualifier."
            )
        }
        reference.qualifier = qualifier
        return reference
    }

    static func function(_ text: String, _ name: String) throws(ControlPlaneError) -> FunctionReference {
        guard let reference = FunctionReference(text) else {
            throw .invalid(
                name,
                text,
                "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?"
                    + "([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)"
                    + "(:(\\$LATEST|[a-zA-Z0-9-_]+))?"
            )
        }
        return reference
    }
}
