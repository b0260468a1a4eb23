extension Schema {
    /// A Markdown table for each group: key, flag, environment variable, default, meaning.
    public var markdown: String {
        groups.map { group in
            let head = """
                ### \(group.heading)

                | setting | value | default | flag | environment | meaning |
                |---|---|---|---|---|---|

                """
            return head + group.settings.map(Self.row).joined()
        }.joined(separator: "\n")
    }

    private static func row(_ setting: SettingDeclaration) -> String {
        let cells = [
            code(setting.key),
            setting.placeholder,
            setting.isRequired ? "required" : setting.defaultText.map(code) ?? "none",
            setting.flagName.map { code("--\($0)") } ?? "",
            setting.environmentName.map(code) ?? "",
            setting.help,
        ]
        return "| \(cells.map(escaped).joined(separator: " | ")) |\n"
    }

    private static func code(_ text: String) -> String { text.isEmpty ? "empty" : "`\(text)`" }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "|" ? "\\|" : $0 == "\n" ? " " : String($0) }.joined()
    }

    /// What is wrong with the schema itself; empty in a sound program, which a test checks.
    public var problems: [String] {
        var problems: [String] = []
        let all = settings
        for (kind, names) in [
            ("key", all.map(\.key)),
            ("flag", all.compactMap(\.flagName)),
            ("environment variable", all.compactMap(\.environmentName)),
        ] {
            var seen: Set<String> = []
            problems += names.filter { !seen.insert($0).inserted }.map {
                "the \(kind) '\($0)' is declared twice"
            }
        }
        for setting in all {
            if let other = all.first(where: { $0.key.hasPrefix(setting.key + ".") }) {
                problems.append("'\(setting.key)' is both a setting and the section of '\(other.key)'")
            }
            if setting.isSecret, setting.flagName != nil {
                problems.append(
                    "'\(setting.key)' is a secret, and a flag would show it in the list of processes"
                )
            }
        }
        return problems
    }
}
