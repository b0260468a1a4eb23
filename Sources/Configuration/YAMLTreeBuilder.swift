import TypedValues

/// Builds the tree from events, within its bounds.
struct YAMLTreeBuilder: ~Copyable {
    private let events: YAMLEventReader
    private let name: String
    private let limits: YAMLLimits
    private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
    private var aliasCount = 0
    private var nodeCount = 0
    private(set) var errors: [ConfigurationError] = []

    init(events: consuming YAMLEventReader, name: String, limits: YAMLLimits) {
        self.events = events
        self.name = name
        self.limits = limits
    }

    mutating func document() throws(ConfigurationError) -> YAMLNode? {
        var root: YAMLNode?
        var documents = 0
        while true {
            let event = try next()
            switch event.kind {
            case .documentStart:
                documents += 1
                guard documents == 1 else {
                    throw error(
                        .unsupported,
                        "a second document begins here; one file is one document",
                        event.mark
                    )
                }
                root = try node(try next(), depth: 0)
            case .streamEnd: return root
            default: continue
            }
        }
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(ConfigurationError) -> YAMLNode {
        try count(1, event.mark)
        guard depth <= limits.depth else {
            throw error(.tooLarge, "nested deeper than \(limits.depth) levels", event.mark)
        }
        let before = nodeCount
        switch event.kind {
        case .alias(let anchor):
            return try alias(anchor, event.mark)
        case .scalar(let scalar, let properties):
            // `!!str` says what quotes say.
            let isText = properties.tag == "tag:yaml.org,2002:str"
            if !isText { check(properties.tag, event.mark) }
            let value = YAMLNode.Scalar(text: scalar.text, isPlain: scalar.isPlain && !isText)
            return remember(.init(content: .scalar(value), mark: event.mark), properties.anchor, before)
        case .sequenceStart(let properties):
            check(properties.tag, event.mark)
            let nodes = try sequence(depth: depth + 1)
            return remember(.init(content: .sequence(nodes), mark: event.mark), properties.anchor, before)
        case .mappingStart(let properties):
            check(properties.tag, event.mark)
            let entries = try mapping(depth: depth + 1)
            return remember(.init(content: .mapping(entries), mark: event.mark), properties.anchor, before)
        default:
            throw error(.syntax, "this is not YAML", event.mark)
        }
    }

    private mutating func sequence(depth: Int) throws(ConfigurationError) -> [YAMLNode] {
        var nodes: [YAMLNode] = []
        while true {
            let event = try next()
            if case .collectionEnd = event.kind { return nodes }
            nodes.append(try node(event, depth: depth))
        }
    }

    private mutating func mapping(depth: Int) throws(ConfigurationError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try next()
            if case .collectionEnd = event.kind { return entries }
            let key = try node(event, depth: depth)
            let value = try node(try next(), depth: depth)
            guard case .scalar(let scalar) = key.content else {
                record(.unsupported, "a key must be a single word, not \(key.kind)", event.mark)
                continue
            }
            if scalar.text == "<<", scalar.isPlain {
                record(.unsupported, "merge keys (<<) are not supported; write the settings out", event.mark)
            } else if let line = lines[scalar.text] {
                let shown = Quotation.quoted(scalar.text)
                record(
                    .duplicateKey,
                    "\(shown) stands here a second time; the first is on line \(line)",
                    event.mark
                )
            } else {
                lines[scalar.text] = event.mark.line
                entries.append(.init(key: scalar.text, keyMark: event.mark, value: value))
            }
        }
    }

    /// An anchor is known only once its node is complete, so that a cycle is an unknown anchor.
    private mutating func alias(
        _ anchor: String,
        _ mark: YAMLNode.Mark
    ) throws(ConfigurationError) -> YAMLNode {
        aliasCount += 1
        guard aliasCount <= limits.aliases else {
            throw error(.tooLarge, "more than \(limits.aliases) aliases", mark)
        }
        guard let (node, size) = anchors[anchor] else {
            throw error(
                .syntax,
                "there is no complete value with the anchor \(Quotation.quoted("&" + anchor)) above",
                mark
            )
        }
        try count(size, mark)
        return YAMLNode(content: node.content, mark: node.mark)
    }

    private mutating func remember(_ node: YAMLNode, _ anchor: String?, _ before: Int) -> YAMLNode {
        if let anchor { anchors[anchor] = (node, nodeCount - before + 1) }
        return node
    }

    private mutating func count(_ nodes: Int, _ mark: YAMLNode.Mark) throws(ConfigurationError) {
        nodeCount += nodes
        guard nodeCount <= limits.nodes else {
            throw error(.tooLarge, "more than \(limits.nodes) values, aliases counted in full", mark)
        }
    }

    private mutating func check(_ tag: String?, _ mark: YAMLNode.Mark) {
        guard let tag, tag != "!" else { return }
        record(.unsupported, "tags such as \(Quotation.quoted(tag)) are not supported", mark)
    }

    private func next() throws(ConfigurationError) -> YAMLEvent {
        do {
            return try events.next()
        } catch {
            throw self.error(.syntax, error.message, error.mark)
        }
    }

    private mutating func record(_ code: ConfigurationError.Code, _ message: String, _ mark: YAMLNode.Mark) {
        errors.append(error(code, message, mark))
    }

    private func error(
        _ code: ConfigurationError.Code,
        _ message: String,
        _ mark: YAMLNode.Mark
    ) -> ConfigurationError {
        ConfigurationError(code, message, origin: .file(name, line: mark.line, column: mark.column))
    }
}
