import AWSServices
import Configuration
import EventSourceMapping
import FunctionRunner
import Glibc
import HTTPServer
import LambdaControlPlane
import LocalGateway
import LocalLambdaModel
import ModelEndpoint
import Telemetry

/// One run of `local`: its parts, and its end.
final class LocalRun {
    private let host: Host
    private let logger: Logger
    private let server: HTTPServer
    private let runner: FunctionRunner
    private let mappings: EventSourceMappings
    private let signals: SignalWatch
    private let drainTimeout: Duration

    /// How often the signals' flags are looked at.
    private static let interval: UInt32 = 50_000

    /// Opens the port and the data directory, and begins the mappings that are stored there.
    init(_ configuration: EffectiveConfiguration, follows: Bool, host: Host) throws {
        self.host = host
        logger = RunSchema.logger(configuration)
        drainTimeout = configuration[RunSchema.drainTimeout]
        signals = SignalWatch(drainLimit: drainTimeout, logger: logger)
        let services = try LocalServices(configuration)
        let directory = configuration[LocalSchema.data]
        let location = AWSLocation(
            region: configuration[LocalSchema.region],
            account: configuration[LocalSchema.account]
        )
        let state: LambdaState
        do {
            state = try LambdaState(directory: directory, location: location)
        } catch let error as StateError {
            throw CommandFailure(.cannotWrite, error.message)
        }
        let models = ModelRegistry()
        for model in services.models { models[model.name] = try model.load(.frozen) }
        let endpoints = EndpointRoutes(models: models, standard: services.models.first?.name ?? "")
        // The port may be any that is free, and functions are to know it: so the server comes first.
        let gateway = Locked<LocalGateway?>(nil)
        do throws(HTTPServerError) {
            server = try HTTPServer(
                Self.serverSettings(configuration),
                refused: { refused in gateway.withLock { $0 }?.refuse(refused) ?? refused.response },
                handler: { request in
                    gateway.withLock { $0 }?.answer(request) ?? HTTPResponse(status: 503, text: "starting\n")
                }
            )
        } catch {
            throw CommandFailure(.unavailable, error.message)
        }
        let url = "http://127.0.0.1:\(server.address.port)"
        runner = FunctionRunner(
            Self.runnerSettings(configuration, services, directory: directory, url: url, follows: follows),
            catalog: state,
            logger: logger
        )
        let clusters = services.kafka(configuration)
        mappings = EventSourceMappings(
            MappingServices(
                invoker: runner,
                connections: clusters,
                client: Self.client(services, location, url: url, logger),
                location: location,
                logger: logger
            )
        )
        var settings = LambdaControlPlane.Settings()
        settings.accountConcurrency = configuration[LocalSchema.concurrency]
        settings.isKnownCluster = { clusters.isKnown($0) }
        settings.problemOfAccess = { clusters.problem(of: $0) }
        settings.problemOfPattern = { Self.problem(ofPattern: $0) }
        let plane = LambdaControlPlane(
            state,
            runner: runner,
            mappings: mappings,
            settings: settings,
            logger: logger
        )
        gateway.withLock { gateway in
            gateway = LocalGateway(
                LocalGateway.Handlers(
                    lambda: { plane.answer($0) },
                    isLambda: { LambdaControlPlane.hasOperation($0, $1) },
                    isUnsigned: { LambdaControlPlane.isCodeDownload($0) },
                    endpoints: { endpoints.answer($0) }
                ),
                services: services.endpoints,
                keys: services.keys,
                logger: logger
            )
        }
        runner.start()
        plane.resume()
        logger.info(
            "local_started",
            "Lambda's API is served",
            ["address": .string(server.address.description)]
        )
    }

    /// Serves until the host asks to stop.
    func run() throws {
        try host.output.write(line: "timberline local: AWS_ENDPOINT_URL=http://\(server.address)")
        try host.output.flush()
        while !host.shouldStop() { usleep(Self.interval) }
        // Mappings first, whose invocations need the runner; then functions, which may need the server.
        mappings.stop(within: drainTimeout * 4 / 5)
        runner.stop()
        server.stop(within: .seconds(1))
        logger.info("local_stopped", "nothing that a function has started runs any more")
    }

    private static func serverSettings(_ configuration: EffectiveConfiguration) -> HTTPServer.Settings {
        var settings = HTTPServer.Settings()
        settings.address = ListenAddress(
            host: configuration[LocalSchema.host],
            port: UInt16(configuration[LocalSchema.port])
        )
        settings.hasThreadPerConnection = true
        settings.bodyLimit = LocalGateway.bodyLimit
        settings.receiveLimit = .seconds(300)
        return settings
    }

    private static func runnerSettings(
        _ configuration: EffectiveConfiguration,
        _ services: LocalServices,
        directory: String,
        url: String,
        follows: Bool
    ) -> FunctionRunner.Settings {
        var settings = FunctionRunner.Settings(logsDirectory: directory + "/logs")
        settings.eventsDirectory = directory + "/events"
        settings.endpointURL = url
        settings.credentials.accessKeyID = services.ownKey.accessKeyID
        settings.credentials.secretAccessKey = services.ownKey.secretAccessKey
        settings.pythonInterpreter = configuration[LocalSchema.python]
        settings.concurrencyLimit = configuration[LocalSchema.concurrency]
        if follows { settings.logs.follow = { name, lines in FollowedLogs.write(name, lines) } }
        return settings
    }

    /// Calls other services through this process's own port, which passes them on.
    private static func client(
        _ services: LocalServices,
        _ location: AWSLocation,
        url: String,
        _ logger: Logger
    ) -> AWSClient {
        AWSClient(
            environment: AWSEnvironment([
                "AWS_ENDPOINT_URL": url, "AWS_REGION": location.region, "AWS_EC2_METADATA_DISABLED": "true",
            ]),
            credentials: FixedCredentials(services.ownKey),
            logger: logger
        )
    }

    private static func problem(ofPattern pattern: String) -> String? {
        do throws(FilterPatternError) {
            _ = try FilterPattern(pattern)
            return nil
        } catch {
            return error.reason
        }
    }
}
