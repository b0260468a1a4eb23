import AWSConnector
import AWSServices
import CommandLineArguments
import DetectionPipeline

/// `timberline anomalies --store dynamodb`: what a table holds, newest first read and oldest first printed.
enum AnomalyTableQuery {
    /// How far back is looked where nothing says so: a query for each hour of one service, for each minute of all.
    private static let standardRange: (ofOne: Int64, ofAll: Int64) = (7 * 86_400, 3_600)
    /// Records held until they are printed, where nothing says so.
    private static let standardLimit = 10_000

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        typealias Command = AnomaliesCommand
        guard let table = invocation[Command.table] else {
            throw CommandFailure(.usage, "--store dynamodb needs --table")
        }
        let now = host.now()
        let service = invocation[Command.entity]
        let until = invocation[Command.until]?.nanoseconds(now: now) ?? now * 1_000_000 + 1
        let range = service == nil ? standardRange.ofAll : standardRange.ofOne
        let since = invocation[Command.since]?.nanoseconds(now: now) ?? until - range * 1_000_000_000
        var condition = AnomalyTableReader.Condition(service: service, since: since, until: until)
        condition.minimumScore = invocation[Command.minimumScore] ?? -.infinity
        condition.includesNormal = invocation[Command.all]
        condition.limit = invocation[Command.limit] ?? standardLimit
        var settings = AWSClient.Settings()
        settings.region = invocation[Command.region]
        let reader = AnomalyTableReader(
            AWSClient(settings, environment: AWSEnvironment(host.environment)),
            tableName: table,
            shardCount: invocation[Command.shards]
        )
        var found: [ScoredRecord] = []
        do {
            try reader.forEach(condition, now: now / 1_000) { found.append($0) }
        } catch let error as AWSError {
            throw CommandFailure(
                error.code == .configuration ? .invalidConfiguration : .unreadableInput,
                "\(error)"
            )
        }
        let printer = RecordPrinter(format: invocation[Command.output], host: host)
        for record in found.reversed() { try printer.print(record) }
        try printer.finish()
        return .success
    }
}
