import AnomalyStore
import CommandLineArguments
import SQLite
import TypedValues

/// `timberline anomalies`: what was stored.
enum AnomaliesCommand: CommandRunner {
    static let store = Option(
        "store",
        .file,
        default: "timberline.db",
        help: "The SQLite file to read, or dynamodb."
    )
    static let table = Option("table", .string, help: "The DynamoDB table to read, with --store dynamodb.")
    static let shards = Option(
        "shards",
        .integer(in: 1...100),
        default: 1,
        help: "The table's dynamodb.shards, as the run has it."
    )
    static let region = Option("region", .string, help: "The table's region, if not the environment's.")
    static let since = Option(
        "since",
        .instant,
        help: "From this time on: 2026-01-31T12:00:00Z, or 2h for two hours ago."
    )
    static let until = Option("until", .instant, help: "Before this time.")
    static let entity = Option("entity", .string, help: "Only this entity.")
    static let minimumScore = Option("min-score", .number, help: "Only scores from here on.")
    static let limit = Option("limit", .integer(in: 1...), help: "Only the newest N.")
    static let all = Option.flag("all", help: "Also stored records that were not anomalous.")
    static let output = Option(
        "output",
        short: "o",
        .choice,
        default: OutputFormat.text,
        help: "Form of the output."
    )

    static let command = Command(
        "anomalies",
        summary: "Query stored anomalies.",
        examples: [
            .init("timberline anomalies --since 1h --min-score 2", "the strong ones of the last hour"),
            .init("timberline anomalies --entity checkout --output json", "one entity's, as JSON lines"),
            .init(
                "timberline anomalies --store dynamodb --table anomalies --entity checkout --limit 20",
                "the newest 20 of one entity in a table"
            ),
        ],
        arguments: [store, table, shards, region, since, until, entity, minimumScore, limit, all, output]
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        if invocation[store] == "dynamodb" { return try AnomalyTableQuery.run(invocation, host) }
        var query = AnomalyQuery()
        query.since = invocation[since]?.nanoseconds(now: host.now())
        query.until = invocation[until]?.nanoseconds(now: host.now())
        query.entity = invocation[entity]
        query.minimumScore = invocation[minimumScore]
        query.limit = invocation[limit]
        query.includesNormal = invocation[all]
        let printer = RecordPrinter(format: invocation[output], host: host)
        do {
            try AnomalyStoreReader(path: invocation[store]).forEach(query) { try printer.print($0) }
        } catch let error as SQLiteError {
            throw CommandFailure(.unreadableInput, "\(error)")
        }
        try printer.finish()
        return .success
    }
}
