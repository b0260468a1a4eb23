import TypedValues

extension Schema {
    /// The value of a variable; nil where it is absent or empty.
    ///
    /// Kubernetes puts `TIMBERLINE_PORT=tcp://10.0.0.1:80` and the like into every pod beside a service named
    /// `timberline` (and `timberline-metrics`, …). Such an address is no setting of ours.
    static func value(of name: String, in environment: [String: String]) -> String? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        return isServiceLink(name, text) ? nil : text
    }

    /// Variables that begin like ours and set nothing.
    func warnings(about environment: [String: String]) -> [String] {
        let names = settings.compactMap(\.environmentName) + otherEnvironmentNames
        let known = Set(names)
        return environment.keys.sorted().compactMap { name in
            guard name.hasPrefix(Self.environmentPrefix), !known.contains(name),
                !name.hasPrefix("TIMBERLINE_TEST_"), !Self.isServiceLink(name, environment[name] ?? "")
            else { return nil }
            let hint = ClosestName.of(name, in: names).map { "; did you mean '\($0)'?" } ?? ""
            return "the environment variable \(Quotation.quoted(name)) sets nothing\(hint)"
        }
    }

    /// The variables that Kubernetes makes for a service, by their names and, where a name is no proof, values.
    private static func isServiceLink(_ name: String, _ text: String) -> Bool {
        if name.hasSuffix("_SERVICE_HOST") || name.contains("_SERVICE_PORT") { return true }
        let parts = name.split(separator: "_")
        guard let port = parts.lastIndex(of: "PORT") else { return false }
        return text.hasPrefix("tcp://") || text.hasPrefix("udp://")
            || parts.dropFirst(port + 1).first.map { Int($0) != nil } == true
            || parts.dropLast().last.map { ["TCP", "UDP"].contains($0) } == true
    }
}
