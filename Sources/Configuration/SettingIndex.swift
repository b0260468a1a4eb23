import TypedValues

/// Finds the node of every setting in a file, and refuses the keys that are none.
struct SettingIndex {
    private let keys: [String]
    private(set) var nodes: [String: YAMLNode] = [:]

    init(keys: [String]) {
        self.keys = keys
    }

    mutating func collect(_ root: YAMLNode, _ context: inout FileContext) {
        collect(root, under: "", &context)
    }

    private mutating func collect(_ node: YAMLNode, under prefix: String, _ context: inout FileContext) {
        // A section whose lines are all commented out is empty, not wrong.
        if node.isNull { return }
        let section = String(prefix.dropLast())
        guard case .mapping(let entries) = node.content else {
            let message = "must be a mapping of settings, not \(node.kind)"
            return context.record(.wrongShape, message, section, node.mark)
        }
        for entry in entries {
            let key = prefix + entry.key
            if entry.key.contains(".") {
                context.record(.unknownKey, dotted(entry.key), section, entry.keyMark)
            } else if keys.contains(key) {
                nodes[key] = entry.value
            } else if keys.contains(where: { $0.hasPrefix(key + ".") }) {
                collect(entry.value, under: key + ".", &context)
            } else {
                context.record(.unknownKey, unknown(entry.key, prefix), section, entry.keyMark)
            }
        }
    }

    private func unknown(_ key: String, _ prefix: String) -> String {
        let here = keys.filter { $0.hasPrefix(prefix) }.map {
            String($0.dropFirst(prefix.count).prefix { $0 != "." })
        }
        if ClosestName.of(key, in: here) == nil,
            let elsewhere = keys.first(where: { $0.hasSuffix("." + key) })
        {
            return "there is no setting \(Quotation.quoted(key)) here; did you mean '\(elsewhere)'?"
        }
        return UnknownKey.message(key, among: here)
    }

    private func dotted(_ key: String) -> String {
        guard keys.contains(key), let point = key.lastIndex(of: ".") else {
            return UnknownKey.message(key, among: keys)
        }
        return "write '\(key[key.index(after: point)...])' in the section '\(key[..<point])'"
    }
}
