import LocalLambdaModel
import Telemetry

extension FunctionAlias {
    /// Reads a stored alias.
    init(_ fields: RequestFields) throws {
        guard let name = try fields.string("Name"), let text = try fields.string("FunctionVersion"),
            let version = FunctionQualifier(text), let revision = try fields.string("RevisionId")
        else { throw StateError(.unreadable, "an alias without name, version or revision") }
        self.init(
            name: name,
            version: version,
            description: try fields.string("Description") ?? "",
            revisionID: revision
        )
    }

    /// The members of `AliasConfiguration`, but for the ARN.
    func write(to json: inout JSONWriter) {
        json.string("Name", name)
        json.string("FunctionVersion", version.description)
        json.string("Description", description)
        json.string("RevisionId", revisionID)
    }
}
