/// kcat, a Kafka client that is not ours.
public enum Kcat {
    public static var isAvailable: Bool { Command.exists("kcat") }
    public static let absence = "kcat is not installed (Debian: kcat)"

    public static func run(
        _ brokers: String,
        _ arguments: [String],
        input: String = "",
        timeout: Double = 60
    ) throws -> Command {
        try Command.run("kcat", ["-b", brokers] + arguments, input: input, timeout: timeout)
    }

    /// Produces one record a line.
    public static func produce(
        _ brokers: String,
        topic: String,
        lines: [String],
        _ arguments: [String] = []
    ) throws -> Command {
        let input = lines.map { $0 + "\n" }.joined()
        return try run(brokers, ["-P", "-t", topic] + arguments, input: input)
    }

    /// Consumes a topic from its beginning to its end, a line for each record
    /// in kcat's format (`%p` partition, `%o` offset, `%k` key, `%s` value, `%h` headers).
    public static func consume(
        _ brokers: String,
        topic: String,
        format: String = "%s\n",
        _ arguments: [String] = []
    ) throws -> [String] {
        let done = try run(
            brokers,
            ["-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", format] + arguments
        )
        return done.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
            String.init
        )
    }
}
