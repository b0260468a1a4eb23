public import CommandLineArguments
import SystemFiles

extension Schema {
    /// Reads every setting from flag, environment, file and default, the first that has it.
    ///
    /// Throws all errors together. An environment variable that is set but empty counts as not set.
    /// - Parameters:
    ///   - file: The configuration file, where there is one.
    ///   - environment: The process's variables; `{env: NAME}` may name any of them.
    ///   - invocation: The command line, whose flags come from `options`.
    ///   - readFile: Reads what `{file: /path}` names; by default the file of that name, up to 64 KiB.
    public func resolve(
        file: ConfigurationFile? = nil,
        environment: [String: String] = [:],
        invocation: Invocation? = nil,
        readFile: @escaping @Sendable (String) throws(FileReadError) -> [UInt8] = Schema.readSecretFile
    ) throws(ConfigurationFailure) -> EffectiveConfiguration {
        var context = FileContext(name: file?.name ?? "", environment: environment, readFile: readFile)
        var nodes: [String: YAMLNode] = [:]
        if let file { nodes = try fileNodes(file, &context) }

        var resolved: [(key: String, value: ResolvedSetting)] = []
        for setting in settings {
            let errorsBefore = context.errors.count
            let text = setting.environmentName.flatMap { Self.value(of: $0, in: environment) }
            var layers = SettingLayers(
                node: nodes[setting.key],
                environment: text,
                invocation: invocation,
                context: context
            )
            let value = setting.resolve(&layers)
            context = layers.context
            if let value {
                resolved.append((setting.key, value))
            } else if setting.isRequired, context.errors.count == errorsBefore {
                context.errors.append(missing(setting))
            }
        }
        guard context.errors.isEmpty else { throw ConfigurationFailure(Self.ordered(context.errors)) }
        return EffectiveConfiguration(settings: resolved, warnings: warnings(about: environment))
    }

    /// The bytes of a file for `{file: /path}`.
    @Sendable
    public static func readSecretFile(_ path: String) throws(FileReadError) -> [UInt8] {
        let limit = 64 << 10
        do throws(SystemError) {
            return try FileSystem.bytes(of: path, limit: limit)
        } catch {
            throw FileReadError(message: error.reason(limit: limit))
        }
    }

    private func fileNodes(
        _ file: ConfigurationFile,
        _ context: inout FileContext
    ) throws(ConfigurationFailure) -> [String: YAMLNode] {
        do {
            let document = try YAMLDocument(file.bytes, name: file.name)
            context.errors += document.errors
            var index = SettingIndex(keys: settings.map(\.key))
            if let root = document.root { index.collect(root, &context) }
            return index.nodes
        } catch {
            throw ConfigurationFailure([error])
        }
    }

    private func missing(_ setting: SettingDeclaration) -> ConfigurationError {
        let ways = [
            setting.flagName.map { "--\($0)" },
            setting.environmentName,
            "'\(setting.key)' in the configuration file",
        ].compactMap { $0 }
        let list = ways.dropLast().joined(separator: ", ")
        let message = "is required; give \(list.isEmpty ? "" : list + " or ")\(ways[ways.count - 1])"
        return ConfigurationError(.missingValue, message, key: setting.key, origin: .defaultValue)
    }

    /// Those of the file by place, then the others as they were found.
    private static func ordered(_ errors: [ConfigurationError]) -> [ConfigurationError] {
        errors.enumerated().sorted { first, second in
            let (one, other) = (place(first.element), place(second.element))
            return one == other ? first.offset < second.offset : one < other
        }.map(\.element)
    }

    private static func place(_ error: ConfigurationError) -> (Int, Int) {
        if case .file(_, let line, let column) = error.origin { (line, column) } else { (.max, 0) }
    }
}
