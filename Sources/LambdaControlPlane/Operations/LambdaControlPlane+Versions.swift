import JSONText
import LocalLambdaModel
import Telemetry

extension LambdaControlPlane {
    func publishVersion(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let fields = try call.fields()
        let description = try fields.string("Description", 0...256)
        let version = try state.changeFunction(function.name) { record, _ in
            guard var changed = record else { throw notFound(function) }
            let latest = changed.latest.configuration
            try Self.checkRevision(fields, latest.revisionID)
            if let digest = try fields.string("CodeSha256"), !digest.isEmpty, digest != latest.code.sha256 {
                throw ControlPlaneError.invalid(
                    "CodeSHA256 (\(digest)) is different from current CodeSHA256 in $LATEST (\(latest.code.sha256)). "
                        + "Please try again with the CodeSHA256 in $LATEST."
                )
            }
            let published = changed.publish(
                description: description.flatMap { $0.isEmpty ? nil : $0 },
                revisionID: randomUUID()
            )
            record = changed
            return published
        }
        return .json { version.write(to: &$0, arn: version.configuration.qualifiedARN) }
    }

    func listVersionsByFunction(_ call: APICall) throws -> APIAnswer {
        let record = try record(of: call.function())
        let page = try Page(record.allVersions, call, limit: Self.pageLimit) {
            "v" + Self.sortText($0.configuration.version)
        }
        return .json { json in
            json.array("Versions") { json in
                for version in page.elements {
                    json.object { version.write(to: &$0, arn: version.configuration.qualifiedARN) }
                }
            }
            if let marker = page.marker { json.string("NextMarker", marker) }
        }
    }

    // MARK: Aliases

    func createAlias(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let fields = try call.fields()
        guard let name = try fields.string("Name"), case .alias = FunctionQualifier(name) else {
            throw ControlPlaneError.invalid(
                "name",
                "",
                "Member must satisfy regular expression pattern: "
                    + "(?!^[0-9]+$)([a-zA-Z0-9-_]+)"
            )
        }
        let alias = try changeAliases(function) { record in
            guard record.aliases[name] == nil else {
                let arn = FunctionReference(function.name, .alias(name)).arn(in: state.location)
                throw ControlPlaneError(.resourceConflict, "Alias already exists: \(arn)")
            }
            guard let version = try target(fields, record) else {
                throw ControlPlaneError.invalid("functionVersion", "null", "Member must not be null")
            }
            let alias = FunctionAlias(
                name: name,
                version: version,
                description: try fields.string("Description", 0...256) ?? "",
                revisionID: randomUUID()
            )
            record.aliases[name] = alias
            return alias
        }
        return answer(alias, of: function)
    }

    func getAlias(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let name = call.parameters["Name"] ?? ""
        guard let alias = try record(of: function).aliases[name] else { throw aliasNotFound(name, function) }
        return answer(alias, of: function)
    }

    func listAliases(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let version = call.query("FunctionVersion").flatMap { FunctionQualifier($0) }
        let aliases = try record(of: function).aliases.values.sorted { $0.name < $1.name }
            .filter { version == nil || $0.version == version }
        let page = try Page(aliases, call, limit: Self.pageLimit, key: \.name)
        return .json { json in
            json.array("Aliases") { json in
                for alias in page.elements { json.object { write(alias, of: function, to: &$0) } }
            }
            if let marker = page.marker { json.string("NextMarker", marker) }
        }
    }

    func updateAlias(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let fields = try call.fields()
        let name = call.parameters["Name"] ?? ""
        let alias = try changeAliases(function) { record in
            guard var alias = record.aliases[name] else { throw aliasNotFound(name, function) }
            try Self.checkRevision(fields, alias.revisionID)
            alias.version = try target(fields, record) ?? alias.version
            alias.description = try fields.string("Description", 0...256) ?? alias.description
            alias.revisionID = randomUUID()
            record.aliases[name] = alias
            return alias
        }
        return answer(alias, of: function)
    }

    /// One that is not there is deleted too, as on AWS.
    func deleteAlias(_ call: APICall) throws -> APIAnswer {
        try changeAliases(call.function()) { $0.aliases[call.parameters["Name"] ?? ""] = nil }
        return .empty
    }

    private func changeAliases<Result: Sendable>(
        _ function: FunctionReference,
        _ body: (inout FunctionRecord) throws -> Result
    ) throws -> Result {
        let result = try state.changeFunction(function.name) { record, _ in
            guard var changed = record else { throw notFound(function) }
            let result = try body(&changed)
            record = changed
            return result
        }
        runner.functionDidChange(function.name)
        return result
    }

    /// The version that an alias is to point to; nil where the request has none.
    private func target(_ fields: RequestFields, _ record: FunctionRecord) throws -> FunctionQualifier? {
        if let routing = try fields.object("RoutingConfig"),
            let weights = routing.members["AdditionalVersionWeights"]?.object, !weights.isEmpty
        {
            throw ControlPlaneError.invalid(
                "RoutingConfig is not supported by this local Lambda: an alias has one version."
            )
        }
        guard let text = try fields.string("FunctionVersion") else { return nil }
        let qualifier = FunctionQualifier(text)
        if case .alias = qualifier {
            throw ControlPlaneError.invalid("functionVersion", text, "Member must be a version")
        }
        guard let qualifier, record.version(qualifier) != nil else {
            throw notFound(FunctionReference(record.latest.configuration.name, qualifier))
        }
        return qualifier
    }

    private func aliasNotFound(_ name: String, _ function: FunctionReference) -> ControlPlaneError {
        let arn = FunctionReference(function.name).arn(in: state.location) + ":\(name)"
        return ControlPlaneError(.resourceNotFound, "Cannot find alias arn: \(arn)")
    }

    private func answer(_ alias: FunctionAlias, of function: FunctionReference) -> APIAnswer {
        .json { write(alias, of: function, to: &$0) }
    }
}

extension LambdaControlPlane {
    private func write(_ alias: FunctionAlias, of function: FunctionReference, to json: inout JSONWriter) {
        json.string("AliasArn", FunctionReference(function.name, .alias(alias.name)).arn(in: state.location))
        alias.write(to: &json)
    }
}
