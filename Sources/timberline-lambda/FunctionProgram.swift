import AWSConnector
import AWSServices
import ActionConfiguration
import Configuration
import DetectionPipeline
import Glibc
import HTTPClient
import LambdaFunction
import LambdaRuntime
import Telemetry

/// The function as AWS Lambda starts it: settings from the environment, and from `timberline.yaml` beside the program
/// where there is one.
enum FunctionProgram {
    /// Runs until the Runtime API ends, which in Lambda it does not.
    ///
    /// - Returns: the exit status.
    static func run(variables: [String: String]) -> Int32 {
        // A peer that has gone is an error of the call, not the process's end.
        signal(SIGPIPE, SIG_IGN)
        do {
            let environment = try RuntimeEnvironment(variables)
            let logger = Self.logger(variables)
            let loop = RuntimeLoop(HTTPRuntimeInterface(address: environment.runtimeAPI), logger: logger)
            let warm = WarmModelPool()
            try loop.run(count: environment.concurrency) {
                try makeFunction(variables, environment, warm, logger)
            }
            return 0
        } catch {
            logger(variables).error("function_ended", "\(error)")
            return 1
        }
    }

    private static func makeFunction(
        _ variables: [String: String],
        _ environment: RuntimeEnvironment,
        _ warm: WarmModelPool,
        _ logger: Logger
    ) throws -> LambdaFunction {
        let configuration: EffectiveConfiguration
        do {
            configuration = try FunctionSchema.resolve(variables, taskRoot: environment.taskRoot)
        } catch {
            throw FunctionError(type: "Init.Settings", message: error.description)
        }
        for warning in configuration.warnings { logger.warning("setting_ignored", warning) }
        logger.setLevel(configuration[FunctionSchema.logLevel])
        let settings = FunctionSchema.functionSettings(configuration, now: wallClockMilliseconds())
        let problem = ScorerSchema.problem(configuration)
        if let problem = problem ?? FunctionSchema.checkpointProblem(configuration, settings) {
            throw FunctionError(type: "Init.Settings", message: problem)
        }
        let client = client(configuration, variables, environment, settings, logger)
        return LambdaFunction(
            settings,
            scorer: ScorerSchema.scorer(configuration, client),
            sinks: ActionSchema.actions(configuration, client, logger) { StandardOutput.write(line: $0) }
                .map(\.sink),
            deadLetters: DeadLetterSchema.sink(configuration, client) ?? LoggedDeadLetters(logger),
            storage: configuration[FunctionSchema.checkpoints].map {
                S3Storage(client, bucket: $0.bucket, prefix: $0.prefix)
            },
            objects: S3ObjectReader(client),
            warm: warm,
            logger: logger,
            limitCalls: { client.setTimeLeft($0) },
            stop: StopVariable.stop(variables)
        )
    }

    /// With the authorities of `AWS_CA_BUNDLE`, or those that come with the program, where they do.
    private static func client(
        _ configuration: EffectiveConfiguration,
        _ variables: [String: String],
        _ environment: RuntimeEnvironment,
        _ function: FunctionSettings,
        _ logger: Logger
    ) -> AWSClient {
        var settings = AWSClient.Settings()
        settings.region = configuration[ScorerSchema.region]
        settings.http.bodyLimit = function.checkpointByteLimit
        let authorities = environment.taskRoot + "/amazon-roots.pem"
        if variables["AWS_CA_BUNDLE"]?.isEmpty ?? true, access(authorities, R_OK) == 0 {
            settings.http.authorityFile = authorities
        }
        return AWSClient(settings, environment: AWSEnvironment(variables), logger: logger)
    }

    /// Lines in JSON where the function's logging configuration asks for that.
    private static func logger(_ variables: [String: String]) -> Logger {
        Logger(format: variables["AWS_LAMBDA_LOG_FORMAT"] == "JSON" ? .json : .logfmt)
    }
}
