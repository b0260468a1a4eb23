/// A program to run: what is sent to the supervisor.
///
/// It goes through the control socket, as a function's variables must neither change how the supervisor itself is
/// loaded (`LD_LIBRARY_PATH`) nor be seen in its arguments, which everybody may read.
struct ProgramOrder: Equatable {
    /// Absolute, or found on the function's `PATH`.
    var program: String
    /// Behind the program's own name.
    var arguments: [String]
    var directory: String
    var variables: [String: String]

    init(program: String, arguments: [String] = [], directory: String, variables: [String: String]) {
        self.program = program
        self.arguments = arguments
        self.directory = directory
        self.variables = variables
    }

    /// Bytes at most: a datagram of the control socket.
    static let byteLimit = 128 << 10

    /// Texts that end with NUL: program, directory, count of arguments, arguments, variables.
    ///
    /// Nil where a text holds NUL, and past the limit.
    var bytes: [UInt8]? {
        let texts =
            [program, directory, "\(arguments.count)"] + arguments
            + variables.map { "\($0.key)=\($0.value)" }.sorted()
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { return nil }
        let bytes: [UInt8] = texts.flatMap { Array($0.utf8) + [0] }
        return bytes.count <= Self.byteLimit ? bytes : nil
    }

    /// Nil for anything that `bytes` does not give.
    init?(_ bytes: some BidirectionalCollection<UInt8>) {
        guard bytes.last == 0 else { return nil }
        let texts = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard texts.count >= 3, let count = Int(texts[2]), count >= 0, texts.count >= 3 + count else {
            return nil
        }
        program = texts[0]
        directory = texts[1]
        arguments = Array(texts[3..<(3 + count)])
        variables = [:]
        for text in texts[(3 + count)...] {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            variables[String(parts[0])] = String(parts[1])
        }
    }
}
