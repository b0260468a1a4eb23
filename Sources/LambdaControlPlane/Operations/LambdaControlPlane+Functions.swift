import HTTPServer
import LocalLambdaModel
import Telemetry

extension LambdaControlPlane {
    func createFunction(_ call: APICall) throws -> APIAnswer {
        let fields = try call.fields()
        guard let text = try fields.string("FunctionName") else {
            throw ControlPlaneError.invalid("functionName", "null", "Member must not be null")
        }
        let name = try APICall.function(text, "functionName").name
        let tags = try fields.texts("Tags") ?? [:]
        try Tags.check(tags)
        let isPublished = try fields.boolean("Publish") ?? false
        let version = try FunctionVersion(
            fields,
            name: name,
            location: state.location,
            code: try code(fields),
            revisionID: randomUUID(),
            at: settings.millisecondsNow()
        )
        let created = try state.changeFunction(name) { record, _ in
            guard record == nil else {
                throw ControlPlaneError(.resourceConflict, "Function already exist: \(name)")
            }
            var new = FunctionRecord(latest: version)
            new.tags = tags
            let shown = isPublished ? new.publish(description: nil, revisionID: randomUUID()) : version
            record = new
            return shown
        }
        warn(of: created)
        return .json { created.write(to: &$0, arn: shownARN(created)) }
    }

    func getFunction(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let (record, version) = try find(function)
        let host = call.request.headers["Host"] ?? ""
        return .json { json in
            json.object("Configuration") { version.write(to: &$0, arn: arn(of: version, askedAs: function)) }
            json.object("Code") { json in
                json.string("RepositoryType", "S3")
                let name = CodeStorage.zipName(of: version.configuration.code.sha256)
                json.string("Location", "http://\(host)\(Self.downloadPath)\(name)")
            }
            if !record.tags.isEmpty { json.texts("Tags", record.tags) }
            if let reserved = record.reservedConcurrency {
                json.object("Concurrency") { $0.integer("ReservedConcurrentExecutions", reserved) }
            }
        }
    }

    func getFunctionConfiguration(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let (_, version) = try find(function)
        return .json { version.write(to: &$0, arn: arn(of: version, askedAs: function)) }
    }

    func listFunctions(_ call: APICall) throws -> APIAnswer {
        let records = state.snapshot.sortedFunctions
        let versions: [FunctionVersion]
        switch call.query("FunctionVersion") {
        case nil: versions = records.map(\.latest)
        case "ALL": versions = records.flatMap(\.allVersions)
        case let other?: throw ControlPlaneError.invalid("functionVersion", other, "Member must be ALL")
        }
        let page = try Page(versions, call, limit: Self.pageLimit) { version in
            // A space comes before all that a name may have, so that the order is that of the names.
            "\(version.configuration.name) \(Self.sortText(version.configuration.version))"
        }
        return .json { json in
            json.array("Functions") { json in
                for version in page.elements {
                    json.object { version.write(to: &$0, arn: listedARN(version, call)) }
                }
            }
            if let marker = page.marker { json.string("NextMarker", marker) }
        }
    }

    func updateFunctionConfiguration(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let fields = try call.fields()
        let changed = try state.changeFunction(function.name) { record, _ in
            try changeLatest(&record, function, fields) { try $0.apply(fields) }
            return record?.latest
        }
        runner.functionDidChange(function.name)
        guard let changed else { throw notFound(function) }
        warn(of: changed)
        return .json { changed.write(to: &$0, arn: changed.configuration.arn) }
    }

    func updateFunctionCode(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        let fields = try call.fields()
        _ = try record(of: function)
        let code = try code(fields)
        let isPublished = try fields.boolean("Publish") ?? false
        let isTrial = try fields.boolean("DryRun") ?? false
        let shown = try state.changeFunction(function.name) { record, _ in
            let before = record
            try changeLatest(&record, function, fields) { version in
                version.configuration.code = code
                try version.applyArchitecture(fields)
            }
            let shown =
                isPublished ? record?.publish(description: nil, revisionID: randomUUID()) : record?.latest
            if isTrial { record = before }
            return shown
        }
        runner.functionDidChange(function.name)
        guard let shown else { throw notFound(function) }
        return .json { shown.write(to: &$0, arn: shownARN(shown)) }
    }

    func deleteFunction(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        try state.changeFunction(function.name) { record, _ in
            guard var old = record else { throw notFound(function) }
            switch function.qualifier {
            case nil: record = nil
            case .version(let number):
                guard old.versions[number] != nil else { throw notFound(function) }
                if let alias = old.aliases.values.first(where: { $0.version == .version(number) }) {
                    throw ControlPlaneError(
                        .resourceConflict,
                        "Version \(number) was found referred to by alias \(alias.name), and cannot be deleted."
                    )
                }
                old.versions[number] = nil
                record = old
            case .latest, .alias:
                throw ControlPlaneError.invalid(
                    "$LATEST version cannot be deleted without deleting the function."
                )
            }
        }
        runner.functionDidChange(function.name)
        return .empty
    }

    /// Functions, versions and aliases of one answer at most.
    static let pageLimit = 50

    /// Code has no signatures here.
    func getFunctionCodeSigningConfig(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        _ = try record(of: function)
        return .json { $0.string("FunctionName", function.name.text) }
    }

    // MARK: Parts

    func find(_ function: FunctionReference) throws(ControlPlaneError) -> (FunctionRecord, FunctionVersion) {
        let record = try record(of: function)
        guard let version = record.version(function.qualifier) else { throw notFound(function) }
        return (record, version)
    }

    /// Changes the latest version, unless the request is for another one or for another revision.
    private func changeLatest(
        _ record: inout FunctionRecord?,
        _ function: FunctionReference,
        _ fields: RequestFields,
        _ change: (inout FunctionVersion) throws -> Void
    ) throws {
        guard var changed = record else { throw notFound(function) }
        if let qualifier = function.qualifier, qualifier != .latest {
            throw ControlPlaneError.invalid("Only $LATEST can be changed, not \(qualifier).")
        }
        try Self.checkRevision(fields, changed.latest.configuration.revisionID)
        try change(&changed.latest)
        changed.latest.configuration.revisionID = randomUUID()
        changed.latest.configuration.lastModifiedMilliseconds = settings.millisecondsNow()
        record = changed
    }

    static func checkRevision(_ fields: RequestFields, _ revisionID: String) throws(ControlPlaneError) {
        guard let expected = try fields.string("RevisionId"), expected != revisionID else { return }
        throw ControlPlaneError(
            .preconditionFailed,
            "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to "
                + "retrieve the latest RevisionId"
        )
    }

    /// The code of a request, stored.
    private func code(_ fields: RequestFields) throws -> FunctionCode {
        if let zip = fields.zip { return try state.code.store(zip) }
        let source = try fields.object("Code") ?? fields
        if source.has("S3Bucket") || source.has("ImageUri") {
            throw ControlPlaneError.invalid(
                "This local Lambda takes code as ZipFile, not from S3 and not as an image."
            )
        }
        throw ControlPlaneError.invalid("Please provide a source for function code.")
    }

    /// Of an answer to a request without qualifier: that of the function, with the version of a published one.
    func shownARN(_ version: FunctionVersion) -> String {
        version.configuration.version == .latest
            ? version.configuration.arn : version.configuration.qualifiedARN
    }

    private func listedARN(_ version: FunctionVersion, _ call: APICall) -> String {
        call.query("FunctionVersion") == nil ? version.configuration.arn : version.configuration.qualifiedARN
    }

    private func arn(of version: FunctionVersion, askedAs function: FunctionReference) -> String {
        guard let qualifier = function.qualifier else { return version.configuration.arn }
        return FunctionReference(function.name, qualifier).arn(in: state.location)
    }

    /// `$LATEST` first, then versions by number.
    static func sortText(_ version: FunctionQualifier) -> String {
        guard case .version(let number) = version else { return "" }
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits
    }

    private func warn(of version: FunctionVersion) {
        for name in version.echoed.keys.sorted() where !["SnapStart"].contains(name) {
            logger.warning(
                "local_setting_without_effect",
                "a setting is shown as it was given and does nothing here",
                ["function": .string(version.configuration.name.text), "setting": .string(name)]
            )
        }
    }
}
