import TypedValues

/// Walks the arguments from left to right. One value for one command line.
struct ArgumentParser {
    private let root: Command
    private var path: CommandPath
    private var rest: ArraySlice<String> = []
    private var texts: [String: [String]] = [:]
    private var positionals: [String] = []
    private var request: Program.Request?

    init(root: Command) {
        self.root = root
        path = CommandPath(root: root)
    }

    mutating func parse(_ arguments: [String]) throws(UsageError) -> Program.Request {
        rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                positionals += rest
                break
            }
            if argument.hasPrefix("--") {
                try takeLong(argument)
            } else if argument.hasPrefix("-"), argument.count > 1 {
                try takeShort(argument)
            } else {
                try takeWord(argument)
            }
            if let request { return request }
        }
        return try finish()
    }

    // MARK: Options

    private mutating func takeLong(_ argument: String) throws(UsageError) {
        let parts = argument.dropFirst(2).split(
            separator: "=",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let name = String(parts[0])
        let value = parts.count == 2 ? String(parts[1]) : nil
        if let option = path.options.first(where: { $0.name == name }) {
            return try take(option, as: "--" + name, value)
        }
        if name.hasPrefix("no-"), let flag = path.options.first(where: { $0.isNegated(by: name) }) {
            guard value == nil else { throw unexpectedValue("--" + name) }
            texts[flag.name, default: []].append("false")
            return
        }
        if path.isRoot, name == Builtin.version.name {
            request = .version
            return
        }
        throw unknownOption("--" + name)
    }

    private mutating func takeShort(_ argument: String) throws(UsageError) {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            guard let option = path.options.first(where: { $0.short == letter }) else {
                throw unknownOption("-\(letter)")
            }
            guard option.takesValue, !letters.isEmpty else {
                try take(option, as: "-\(letter)", nil)
                continue
            }
            let value = letters.first == "=" ? letters.dropFirst() : letters
            return try take(option, as: "-\(letter)", String(value))
        }
    }

    private mutating func take(
        _ option: OptionDeclaration,
        as written: String,
        _ attached: String?
    ) throws(UsageError) {
        guard option.takesValue else {
            guard attached == nil else { throw unexpectedValue(written) }
            if option.name == Builtin.help.name { request = .show(HelpPage(path: path).text) }
            texts[option.name, default: []].append("true")
            return
        }
        let value = if let attached { attached } else { try nextValue(of: option, written) }
        texts[option.name, default: []].append(value)
    }

    /// The next argument, unless it reads as an option: a forgotten value must not swallow one.
    private mutating func nextValue(
        of option: OptionDeclaration,
        _ written: String
    ) throws(UsageError) -> String {
        guard let value = rest.first else {
            throw error(.missingValue, "\(written) needs a value (\(option.placeholder))", written)
        }
        guard !looksLikeOption(value) else {
            let message = "\(written) needs a value (\(option.placeholder)) before \(Quotation.quoted(value))"
            throw error(.missingValue, "\(message); a value that begins so is written \(written)=…", written)
        }
        return rest.removeFirst()
    }

    private func looksLikeOption(_ text: String) -> Bool {
        if text.hasPrefix("--") { return true }
        guard text.first == "-", let letter = text.dropFirst().first else { return false }
        return path.options.contains { $0.short == letter }
    }

    // MARK: Words

    private mutating func takeWord(_ word: String) throws(UsageError) {
        guard !path.leaf.subcommands.isEmpty, positionals.isEmpty else {
            positionals.append(word)
            return
        }
        guard let command = path.subcommand(named: word) else {
            throw error(
                .unknownCommand,
                "there is no command \(Quotation.quoted(word))",
                word,
                suggestion: ClosestName.of(word, in: path.leaf.visibleSubcommands.map(\.name))
            )
        }
        path = path.appending(command)
    }

    // MARK: The end

    private func finish() throws(UsageError) -> Program.Request {
        guard path.leaf.subcommands.isEmpty else {
            let names = path.leaf.visibleSubcommands.map(\.name).joined(separator: ", ")
            throw error(.missingCommand, "say which command: \(names)")
        }
        let invocation = try bind()
        guard path.commands.count == 2 else { return .run(invocation) }
        switch path.leaf.name {
        case Builtin.helpCommand:
            return .show(try explain(positionals))
        case Builtin.completionCommand:
            return .show(CompletionScript(root: root).text(for: invocation[Builtin.shell]))
        default:
            return .run(invocation)
        }
    }

    private func explain(_ names: [String]) throws(UsageError) -> String {
        var topic = ArgumentParser(root: root)
        for name in names { try topic.takeWord(name) }
        if let extra = topic.positionals.first {
            throw error(.unknownCommand, "there is no command \(Quotation.quoted(extra))", extra)
        }
        return HelpPage(path: topic.path).text
    }

    private func bind() throws(UsageError) -> Invocation {
        var values: [String: any Sendable] = [:]
        for option in path.options where values["--" + option.name] == nil {
            let given = texts[option.name] ?? []
            if option.isRequired, given.isEmpty {
                throw error(
                    .missingArgument,
                    "--\(option.name) \(option.placeholder) is required",
                    "--" + option.name
                )
            }
            values["--" + option.name] = try bind(given, "--" + option.name, option.bind)
        }
        var remaining = positionals[...]
        for positional in path.leaf.positionals {
            let taken = positional.isRepeated ? remaining : remaining.prefix(1)
            remaining = remaining.dropFirst(taken.count)
            if positional.isRequired, taken.isEmpty {
                throw error(.missingArgument, "\(positional.placeholder) is missing", positional.placeholder)
            }
            values[positional.placeholder] = try bind(Array(taken), positional.placeholder, positional.bind)
        }
        if let extra = remaining.first {
            throw error(.unexpectedArgument, "there is no place for \(Quotation.quoted(extra))", extra)
        }
        return Invocation(command: path.names, values: values, texts: texts)
    }

    private func bind(
        _ texts: [String],
        _ name: String,
        _ bind: ([String]) throws(ValueError) -> any Sendable
    ) throws(UsageError) -> any Sendable {
        do {
            return try bind(texts)
        } catch {
            let message = "\(name): \(Quotation.quoted(error.text)) \(error.problem)"
            throw self.error(.invalidValue, message, name, suggestion: error.suggestion)
        }
    }

    // MARK: Errors

    private func unknownOption(_ written: String) -> UsageError {
        let names = path.options.flatMap {
            $0.kind == .flag ? ["--" + $0.name, "--no-" + $0.name] : ["--" + $0.name]
        }
        let near = written.hasPrefix("--") ? ClosestName.of(written, in: names) : nil
        return error(
            .unknownOption,
            "there is no option \(Quotation.quoted(written))",
            written,
            suggestion: near
        )
    }

    private func unexpectedValue(_ written: String) -> UsageError {
        error(.unexpectedValue, "\(written) takes no value", written)
    }

    private func error(
        _ code: UsageError.Code,
        _ message: String,
        _ argument: String? = nil,
        suggestion: String? = nil
    ) -> UsageError {
        UsageError(code, message, argument: argument, suggestion: suggestion, command: path.line)
    }
}

extension OptionDeclaration {
    var placeholder: String {
        if case .value(let placeholder) = kind { placeholder } else { "" }
    }

    func isNegated(by name: String) -> Bool {
        kind == .flag && name == "no-" + self.name
    }
}
