import JSONText
import LocalLambdaModel
import Telemetry

// A document holds configurations in the form in which the API shows them, so that one piece of code reads both.

extension FunctionRecord {
    /// As it is stored.
    var document: String {
        var json = JSONWriter()
        json.object { json in
            json.object("latest") { latest.writeDocument(to: &$0) }
            json.object("versions") { json in
                for (number, version) in versions.sorted(by: { $0.key < $1.key }) {
                    json.object("\(number)") { version.writeDocument(to: &$0) }
                }
            }
            json.integer("lastVersion", lastVersion)
            json.array("aliases") { json in
                for alias in aliases.values.sorted(by: { $0.name < $1.name }) {
                    json.object { alias.write(to: &$0) }
                }
            }
            json.texts("tags", tags)
            if let reservedConcurrency { json.integer("reservedConcurrency", reservedConcurrency) }
        }
        return json.text
    }

    init(document: String, name: FunctionName, _ location: AWSLocation, _ code: CodeStorage) throws {
        let fields = try RequestFields(body: Array(document.utf8))
        func version(_ fields: RequestFields, _ qualifier: FunctionQualifier) throws -> FunctionVersion {
            try FunctionVersion(document: fields, name: name, qualifier, location, code)
        }
        guard let latest = try fields.object("latest"), let versions = try fields.object("versions") else {
            throw StateError(.unreadable, "no versions")
        }
        self.init(latest: try version(latest, .latest))
        for key in versions.members.keys {
            guard let number = Int(key), let fields = try versions.object(key) else { continue }
            self.versions[number] = try version(fields, .version(number))
        }
        lastVersion = try fields.integer("lastVersion", 0...Int(Int32.max)) ?? 0
        for fields in try fields.objects("aliases") ?? [] {
            let alias = try FunctionAlias(fields)
            aliases[alias.name] = alias
        }
        tags = try fields.texts("tags") ?? [:]
        reservedConcurrency = try fields.integer("reservedConcurrency", 0...Int(Int32.max))
    }
}

extension FunctionVersion {
    fileprivate func writeDocument(to json: inout JSONWriter) {
        json.object("configuration") { write(to: &$0, arn: configuration.arn) }
        json.integer("lastModifiedMilliseconds", configuration.lastModifiedMilliseconds)
    }

    fileprivate init(
        document: RequestFields,
        name: FunctionName,
        _ version: FunctionQualifier,
        _ location: AWSLocation,
        _ code: CodeStorage
    ) throws {
        guard let fields = try document.object("configuration"), let sha256 = try fields.string("CodeSha256"),
            let byteCount = try fields.integer("CodeSize", 0...Int.max),
            let revision = try fields.string("RevisionId"),
            let modified = document.members["lastModifiedMilliseconds"]?.integer
        else { throw StateError(.unreadable, "a version without its code or its revision") }
        try self.init(
            fields,
            name: name,
            location: location,
            code: FunctionCode(sha256: sha256, byteCount: byteCount, directory: code.directory(of: sha256)),
            revisionID: revision,
            at: modified
        )
        configuration.version = version
    }
}

extension MappingRecord {
    /// As it is stored.
    func document(_ location: AWSLocation) -> String {
        var json = JSONWriter()
        json.object { json in
            json.object("mapping") { write(to: &$0, location) }
            json.texts("tags", tags)
            json.boolean("isEnabled", configuration.isEnabled)
            json.integer("lastModifiedMilliseconds", configuration.lastModifiedMilliseconds)
        }
        return json.text
    }

    init(document: String, id: EventSourceMappingID) throws {
        let fields = try RequestFields(body: Array(document.utf8))
        guard let mapping = try fields.object("mapping"), let arn = try mapping.string("FunctionArn"),
            let function = FunctionReference(arn),
            let modified = fields.members["lastModifiedMilliseconds"]?.integer
        else { throw StateError(.unreadable, "a mapping without its function") }
        try self.init(
            mapping,
            id: id,
            function: FunctionReference(function.name, function.qualifier),
            at: modified
        )
        configuration.isEnabled = try fields.boolean("isEnabled") ?? true
        tags = try fields.texts("tags") ?? [:]
    }
}

extension LambdaState.Contents {
    /// Reads all that is stored.
    init(_ store: StateStore, _ location: AWSLocation, _ code: CodeStorage) throws {
        for (key, document) in try store.functions() {
            guard let name = FunctionName(key) else {
                throw StateError(.unreadable, "function '\(key)': no name")
            }
            do {
                functions[name] = try FunctionRecord(document: document, name: name, location, code)
            } catch {
                throw StateError(.unreadable, "function '\(key)' as it is stored: \(error)")
            }
        }
        for (key, document) in try store.mappings() {
            let id = EventSourceMappingID(key)
            do {
                mappings[id] = try MappingRecord(document: document, id: id)
            } catch {
                throw StateError(.unreadable, "event source mapping \(key) as it is stored: \(error)")
            }
        }
    }
}
