import JSONText
import LocalLambdaModel
import Telemetry

extension FunctionVersion {
    /// The members of `FunctionConfiguration`.
    ///
    /// - Parameter arn: as the answer is to name the version.
    func write(to json: inout JSONWriter, arn: String) {
        let configuration = configuration
        json.string("FunctionName", configuration.name.text)
        json.string("FunctionArn", arn)
        json.string("Runtime", configuration.runtime.description)
        json.string("Role", configuration.role)
        json.string("Handler", configuration.handler)
        json.integer("CodeSize", configuration.code.byteCount)
        json.string("CodeSha256", configuration.code.sha256)
        json.string("Description", configuration.description)
        json.integer("Timeout", configuration.timeoutSeconds)
        json.integer("MemorySize", configuration.memoryMegabytes)
        json.string("LastModified", Self.modificationText(configuration.lastModifiedMilliseconds))
        json.string("Version", configuration.version.description)
        if !configuration.environment.isEmpty {
            json.object("Environment") { $0.texts("Variables", configuration.environment) }
        }
        json.object("TracingConfig") { $0.string("Mode", configuration.tracingMode) }
        json.string("RevisionId", configuration.revisionID)
        json.string("State", configuration.state.rawValue)
        json.string("LastUpdateStatus", configuration.lastUpdateStatus.rawValue)
        json.string("PackageType", "Zip")
        json.strings("Architectures", [configuration.architecture])
        json.object("EphemeralStorage") { $0.integer("Size", configuration.ephemeralStorageMegabytes) }
        configuration.logging.write(to: &json)
        for (name, value) in echoed.sorted(by: { $0.key < $1.key }) where name != "SnapStart" {
            json.value(name, value)
        }
        json.object("SnapStart") { json in
            json.string("ApplyOn", echoed["SnapStart"]?["ApplyOn"]?.string ?? "None")
            json.string("OptimizationStatus", "Off")
        }
    }

    /// `2026-11-22T20:33:09.088+0000`
    private static func modificationText(_ milliseconds: Int64) -> String {
        timestampText(milliseconds: milliseconds).dropLast() + "+0000"
    }
}

extension FunctionLogging {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("LoggingConfig") { json in
            json.string("LogFormat", format)
            if let applicationLevel { json.string("ApplicationLogLevel", applicationLevel) }
            if let systemLevel { json.string("SystemLogLevel", systemLevel) }
            json.string("LogGroup", group)
        }
    }
}
