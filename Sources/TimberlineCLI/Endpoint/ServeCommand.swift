import CommandLineArguments
import Glibc
import HTTPServer
import ModelEndpoint
import Operations
import Telemetry
import TypedValues

/// `timberline serve`: trained models behind SageMaker's endpoint contract.
enum ServeCommand: CommandRunner {
    static let models = Option.repeated(
        "model",
        .namedModel,
        help: """
            A model file and the name of its endpoint; several serve several, /invocations leads to the first. \
            Without it: the file that train leaves under --container-root.
            """
    )
    static let port = Option(
        "port",
        .integer(in: 0...65_535),
        help: "Port to listen on, 0 for any; SAGEMAKER_BIND_TO_PORT, else 8080, if not given."
    )
    static let host = Option(
        "host",
        .string.named("HOST"),
        help: "Address to listen on; TIMBERLINE_HOST, else 127.0.0.1, if not given."
    )
    static let learns = Option.flag(
        "learn",
        help:
            "Learn each row after it was scored, one request after the other. What is learnt ends with the process."
    )
    static let threads = Option(
        "threads",
        .integer(in: 1...256),
        help: "Threads that answer; as many as processors if not given."
    )
    static let bodyLimit = Option(
        "body-limit",
        .byteSize(in: ByteSize(bytes: 1)...ByteSize.gibibytes(1)),
        default: .mebibytes(6),
        help: "Bytes of a request's body; SAGEMAKER_MAX_PAYLOAD_IN_MB raises it."
    )
    static let connectionLimit = Option(
        "connections",
        .integer(in: 1...65_536),
        default: 4_096,
        help: "Connections at once; further ones wait."
    )
    static let idleTimeout = Option(
        "idle-timeout",
        .duration(in: .milliseconds(100)...),
        default: .seconds(60),
        help: "How long a connection may stay open without a request."
    )
    static let requestTimeout = Option(
        "request-timeout",
        .duration(in: .milliseconds(100)...),
        default: .seconds(30),
        help: "How long a request may take to arrive, and its answer to be read."
    )
    static let drainTimeout = Option(
        "drain-timeout",
        .duration(in: .zero...),
        default: .seconds(25),
        help: "How long requests under way may take after SIGTERM."
    )
    static let logLevel = Option(
        "log-level",
        .choice,
        default: LogLevel.info,
        help: "Least severe log lines."
    )
    static let logFormat = Option(
        "log-format",
        .choice,
        default: Telemetry.LogFormat.logfmt,
        help: "Form of log lines."
    )

    static let command = Command(
        "serve",
        summary: "Serve trained models as a SageMaker endpoint does.",
        discussion: """
            Answers /ping, /invocations and /execution-parameters as a SageMaker container, \
            /endpoints/NAME/invocations as the SageMaker Runtime, and /metrics. Rows come as JSON, JSON lines, CSV or \
            RecordIO-protobuf, [[0.45,200,1200]] too; so go the scores. SIGTERM and SIGINT finish the requests under \
            way and end with code 0.
            """,
        examples: [
            .init(
                "timberline serve --model rcf-anomaly-endpoint=model.timberline",
                "one endpoint, on port 8080"
            ),
            .init(
                "timberline serve --port 9000 --model a=a.timberline --model b=b.timberline --learn",
                "two that go on learning"
            ),
        ],
        arguments: [
            models, port, host, learns, threads, bodyLimit, connectionLimit, idleTimeout, requestTimeout,
            drainTimeout, ContainerPaths.root, logLevel, logFormat,
        ]
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let logger = Logger(level: invocation[logLevel], format: invocation[logFormat])
        let served = try servedModels(invocation, host)
        let registry = ModelRegistry()
        for model in served {
            registry[model.name] = try load(model, invocation[learns] ? .learning : .frozen, logger)
        }
        let settings = try settings(invocation, host)
        let limits = TransformLimits(
            concurrentTransforms: settings.threads,
            payloadMegabytes: max(1, invocation[bodyLimit].bytes >> 20)
        ).overridden(by: host.environment)
        let metrics = EndpointMetrics()
        ProcessMetrics.register(in: metrics.registry)
        let routes = EndpointRoutes(
            models: registry,
            standard: served[0].name,
            limits: limits,
            metrics: metrics
        )
        raiseDescriptorLimit(to: settings.connectionLimit)
        let server: HTTPServer
        do throws(HTTPServerError) {
            server = try routes.serve(settings)
        } catch {
            throw CommandFailure(.unavailable, error.message)
        }
        logger.info(
            "endpoint_listening",
            "requests are answered",
            ["address": .string(server.address.description)]
        )
        while !host.shouldStop() { poll(nil, 0, 50) }
        logger.info("endpoint_draining", "asked to end; finishing the requests under way")
        server.stop(within: invocation[drainTimeout])
        logger.info("endpoint_stopped", "every request that had come is answered")
        return .success
    }

    private static func servedModels(_ invocation: Invocation, _ host: Host) throws -> [NamedModel] {
        let named = invocation[models]
        guard !named.isEmpty else {
            return [NamedModel(name: "model", path: ContainerPaths(invocation, host).modelFile)]
        }
        if let twice = named.indices.first(where: { index in
            named[..<index].contains { $0.name == named[index].name }
        }) {
            throw CommandFailure(.usage, "--model names '\(named[twice].name)' twice")
        }
        return named
    }

    private static func load(
        _ model: NamedModel,
        _ mode: EndpointModel.Mode,
        _ logger: Logger
    ) throws -> EndpointModel {
        let loaded = try model.load(mode)
        let description = loaded.description
        logger.info(
            "model_loaded",
            "a model is ready",
            [
                "endpoint": .string(model.name), "file": .string(model.path),
                "values": LogValue(loaded.dimensions), "rows": LogValue(description.trainedRowCount),
                "threshold": LogValue(description.trainingScores.threshold),
            ]
        )
        return loaded
    }

    private static func settings(_ invocation: Invocation, _ host: Host) throws -> HTTPServer.Settings {
        var settings = HTTPServer.Settings()
        settings.address = ListenAddress(
            host: invocation[Self.host] ?? host.environment["TIMBERLINE_HOST"] ?? "127.0.0.1",
            port: try port(invocation, host)
        )
        settings.threads = invocation[threads] ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        settings.connectionLimit = invocation[connectionLimit]
        let payload = host.environment["SAGEMAKER_MAX_PAYLOAD_IN_MB"].flatMap { Int($0) } ?? 0
        settings.bodyLimit = max(invocation[bodyLimit].bytes, min(max(0, payload), 1_024) << 20)
        settings.idleLimit = invocation[idleTimeout]
        settings.receiveLimit = invocation[requestTimeout]
        settings.sendLimit = invocation[requestTimeout]
        return settings
    }

    private static func port(_ invocation: Invocation, _ host: Host) throws -> UInt16 {
        if let port = invocation[port] { return UInt16(port) }
        guard let text = host.environment["SAGEMAKER_BIND_TO_PORT"] else { return 8_080 }
        guard let port = UInt16(text) else {
            throw CommandFailure(.invalidConfiguration, "SAGEMAKER_BIND_TO_PORT '\(text)' is no port")
        }
        return port
    }

    /// As far as the system allows: many systems begin with 1,024 open files, fewer than there may be connections.
    private static func raiseDescriptorLimit(to connections: Int) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = rlim_t(connections + 256)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
