import AnomalyStore
import CommandLineArguments
import Configuration
import HTTPServer
import KafkaClient
import SQLite

/// Reads a command's configuration from its layers.
enum ConfigurationLoading {
    /// What reads and checks the configuration of a command that runs for long, each time that it is called: from
    /// the file that `--config` or `TIMBERLINE_CONFIG` names, the environment and the command line.
    static func loader(
        _ schema: Schema,
        _ invocation: Invocation,
        _ host: Host,
        check: @escaping (EffectiveConfiguration) throws -> Void
    ) -> () throws -> EffectiveConfiguration {
        let path = invocation[RunCommand.config] ?? host.environment["TIMBERLINE_CONFIG"]
        return {
            let configuration = try resolve(schema, path: path, invocation: invocation, host: host)
            try check(configuration)
            return configuration
        }
    }

    static func resolve(
        _ schema: Schema,
        path: String?,
        invocation: Invocation?,
        host: Host
    ) throws -> EffectiveConfiguration {
        do {
            let configuration = try schema.resolve(
                file: try path.map { path throws(ConfigurationFailure) in try ConfigurationFile(path: path) },
                environment: host.environment,
                invocation: invocation
            )
            for warning in configuration.warnings { try host.errors.write(line: "timberline: \(warning)") }
            return configuration
        } catch let failure as ConfigurationFailure {
            throw CommandFailure(.invalidConfiguration, failure.description)
        }
    }
}

extension CommandFailure {
    /// Gives every error of `body` this code.
    static func catching<Result>(_ code: ExitCode, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw CommandFailure(code, "\(error)") }
    }

    /// Gives the errors of a run the codes that they have in the README's table.
    static func sorting<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as InputError {
            throw CommandFailure(.unreadableInput, "\(error)")
        } catch let error as KafkaError {
            switch error.code {
            case .noBrokerAnswers: throw CommandFailure(.unavailable, "\(error)")
            case .unknownTopicOrPartition: throw CommandFailure(.unreadableInput, "\(error)")
            case .unsuitableTopic: throw CommandFailure(.invalidConfiguration, "\(error)")
            // A run waits out what may pass; at its start it does not.
            case _ where error.isRetriable: throw CommandFailure(.unavailable, "\(error)")
            default: throw CommandFailure(.failure, "\(error)")
            }
        } catch let error as SQLiteError {
            throw CommandFailure(.cannotWrite, "\(error)")
        } catch let error as DeadLetterFileError {
            throw CommandFailure(.cannotWrite, "\(error)")
        } catch let error as DirectoryError {
            throw CommandFailure(.cannotWrite, "\(error)")
        } catch let error as HTTPServerError {
            throw CommandFailure(.invalidConfiguration, "operations.listen: \(error)")
        }
    }
}
