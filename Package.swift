// swift-tools-version: 6.2
import PackageDescription

// What each target may import is a rule of the architecture (docs/ARCHITECTURE.md),
// checked by scripts/check-imports.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.target(name: name)] + dependencies,
        swiftSettings: strict
    )
}

/// `TIMBERLINE_STOP_POINTS=1` builds a Lambda function that tests can end behind each of its steps.
let stopPoints: [SwiftSetting] =
    Context.environment["TIMBERLINE_STOP_POINTS"] == "1" ? [.define("TIMBERLINE_STOP_POINTS")] : []

let package = Package(
    name: "timberline",
    products: [
        .library(name: "AnomalyDetection", targets: ["AnomalyDetection"]),
        .library(name: "AnomalyStore", targets: ["AnomalyStore"]),
        .library(name: "DetectionPipeline", targets: ["DetectionPipeline"]),
        .library(name: "JSONText", targets: ["JSONText"]),
        .library(name: "KafkaClient", targets: ["KafkaClient"]),
        .library(name: "KafkaConnector", targets: ["KafkaConnector"]),
        .library(name: "LogRecords", targets: ["LogRecords"]),
        .library(name: "RandomCutForest", targets: ["RandomCutForest"]),
        .library(name: "SiteSimulator", targets: ["SiteSimulator"]),
        .library(name: "Telemetry", targets: ["Telemetry"]),
        .library(name: "ThresholdedForest", targets: ["ThresholdedForest"]),
    ],
    targets: [
        // Libraries of ours, each on nothing but the standard library.
        library("BinaryCoding"),
        library("JSONText"),
        library("LocalLambdaModel"),
        library("LogRecords"),
        library("Retries"),
        library("SystemFiles"),
        library("Telemetry"),
        .target(
            name: "RandomCutForest",
            dependencies: ["RandomCutForestKernel"],
            exclude: ["README.md"],
            swiftSettings: strict
        ),
        .target(name: "RandomCutForestKernel"),
        library("ThresholdedForest", ["BinaryCoding", "RandomCutForest"]),

        // The core: what is unusual, and how records move.
        library("AnomalyDetection", ["BinaryCoding", "LogRecords", "Patterns", "RandomCutForest"]),
        library(
            "DetectionPipeline",
            ["AnomalyDetection", "BinaryCoding", "LogRecords", "Retries", "Telemetry"]
        ),

        // C libraries, each imported by one target of ours.
        .systemLibrary(
            name: "CLibrdkafka",
            pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"])]
        ),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CMicrohttpd",
            pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"])]
        ),
        // The system's own: what Swift cannot call of it.
        .systemLibrary(name: "CProcess"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        // The rim: what speaks with the world.
        library("SQLite", ["CSQLite"]),
        library(
            "AnomalyStore",
            ["AnomalyDetection", "BinaryCoding", "DetectionPipeline", "SQLite", "SystemFiles"]
        ),
        library("Patterns", ["CPCRE2"]),
        library("Compression", ["CZlib", "CZstd"]),
        library("ZipArchive", ["Compression", "SystemFiles"]),
        library("KafkaClient", ["Telemetry", "CLibrdkafka"]),
        library("HTTPClient", ["Telemetry", "CCurl"]),
        library(
            "AWSServices",
            ["COpenSSL", "HTTPClient", "JSONText", "Retries", "SystemFiles", "Telemetry"]
        ),
        library("HTTPServer", ["Telemetry", "CMicrohttpd"]),
        library(
            "ModelEndpoint",
            ["BinaryCoding", "HTTPServer", "JSONText", "RandomCutForest", "Telemetry"]
        ),
        library(
            "FunctionRunner",
            [
                "BinaryCoding", "CProcess", "HTTPServer", "JSONText", "LocalLambdaModel", "SystemFiles",
                "Telemetry",
            ]
        ),
        library("SiteSimulator"),
        library("TypedValues"),
        library("CommandLineArguments", ["TypedValues"]),
        library("Configuration", ["CLibYAML", "CommandLineArguments", "SystemFiles", "TypedValues"]),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        library(
            "DetectionConfiguration",
            [
                "AnomalyDetection", "Configuration", "DetectionPipeline", "LogRecords", "Patterns",
                "TypedValues",
            ]
        ),
        library("Operations", ["DetectionPipeline", "HTTPServer", "Telemetry"]),
        library("KafkaConnector", ["AnomalyDetection", "DetectionPipeline", "KafkaClient", "Telemetry"]),
        library("LambdaRuntime", ["Compression", "HTTPClient", "JSONText", "Telemetry"]),
        library(
            "LambdaFunction",
            [
                "AnomalyDetection", "BinaryCoding", "Compression", "DetectionPipeline", "LambdaRuntime",
                "LogRecords", "Telemetry",
            ]
        ),
        library(
            "EventSourceMapping",
            [
                "AWSConnector", "AWSServices", "DetectionPipeline", "JSONText", "KafkaClient",
                "KafkaConnector",
                "LambdaRuntime", "LocalLambdaModel", "Retries", "Telemetry",
            ]
        ),
        library("HTTPConnector", ["DetectionPipeline", "HTTPClient", "Telemetry"]),
        library(
            "AWSConnector",
            [
                "AWSServices", "AnomalyDetection", "BinaryCoding", "Compression", "DetectionPipeline",
                "JSONText",
                "LambdaRuntime", "Telemetry",
            ]
        ),
        library(
            "ActionConfiguration",
            [
                "AWSConnector", "AWSServices", "Configuration", "DetectionConfiguration", "DetectionPipeline",
                "HTTPClient", "HTTPConnector", "Telemetry", "TypedValues",
            ]
        ),

        library(
            "LambdaControlPlane",
            [
                "AWSServices", "HTTPServer", "JSONText", "LocalLambdaModel", "SQLite", "SystemFiles",
                "Telemetry", "ZipArchive",
            ]
        ),

        library(
            "LocalGateway",
            [
                "AWSServices", "HTTPClient", "HTTPServer", "JSONText", "LocalLambdaModel", "SystemFiles",
                "Telemetry",
            ]
        ),

        // The program.
        library(
            "TimberlineCLI",
            [
                "AWSConnector", "AWSServices", "ActionConfiguration", "AnomalyDetection", "AnomalyStore",
                "BinaryCoding", "CommandLineArguments", "Compression",
                "Configuration", "DetectionConfiguration", "DetectionPipeline", "HTTPClient", "HTTPConnector",
                "FunctionRunner", "LocalLambdaModel", "LocalGateway", "LambdaControlPlane",
                "EventSourceMapping", "HTTPServer", "JSONText", "KafkaClient", "KafkaConnector", "LogRecords",
                "ModelEndpoint", "Operations", "Patterns", "RandomCutForest",
                "Retries",
                "SQLite", "SiteSimulator", "SystemFiles",
                "Telemetry", "TypedValues",
            ]
        ),
        .executableTarget(
            name: "timberline-lambda",
            dependencies: [
                "AWSConnector", "AWSServices", "ActionConfiguration", "AnomalyDetection", "Configuration",
                "DetectionConfiguration", "DetectionPipeline", "HTTPClient", "LambdaFunction",
                "LambdaRuntime",
                "Telemetry", "TypedValues",
            ],
            swiftSettings: strict + stopPoints
        ),
        .executableTarget(
            name: "timberline",
            dependencies: ["TimberlineCLI"],
            swiftSettings: strict
        ),

        // Tests, one target for each library, and one for real logs.
        .testTarget(
            name: "RealLogTests",
            dependencies: ["AnomalyDetection", "DetectionPipeline", "SeededNumbers"],
            swiftSettings: strict
        ),
        tests("BinaryCoding"),
        tests("JSONText", ["AllocationCounter", "SeededNumbers"]),
        tests("AnomalyDetection", ["BinaryCoding", "LogRecords", "Patterns", "SeededNumbers"]),
        tests("AnomalyStore", ["AnomalyDetection", "DetectionPipeline", "SQLite"]),
        tests("LocalLambdaModel"),
        tests(
            "EventSourceMapping",
            [
                "AWSConnector", "AWSServices", "AWSTestSupport", "DetectionPipeline", "HTTPServer",
                "JSONText", "KafkaClient",
                "KafkaTestSupport",
                "LambdaRuntime", "LocalLambdaModel", "Telemetry",
            ]
        ),
        tests(
            "LambdaControlPlane",
            [
                "AWSTestSupport", "HTTPServer", "JSONText", "KafkaTestSupport", "LocalGateway",
                "LocalLambdaModel", "Telemetry",
            ]
        ),
        tests(
            "LocalGateway",
            ["AWSServices", "HTTPClient", "HTTPServer", "JSONText", "LocalLambdaModel", "Telemetry"]
        ),
        tests("LogRecords", ["SeededNumbers"]),
        tests("Patterns"),
        tests("Compression", ["SeededNumbers"]),
        tests("SystemFiles"),
        tests("Telemetry"),
        tests("RandomCutForest", ["AllocationCounter", "ForestTestSupport", "SeededNumbers"]),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        tests(
            "ThresholdedForest",
            [
                "BinaryCoding", "ForestTestSupport", "RandomCutForest", "SeededNumbers",
            ]
        ),
        .target(name: "SeededNumbers", path: "Tests/SeededNumbers", swiftSettings: strict),
        .target(
            name: "ForestTestSupport",
            path: "Tests/ForestTestSupport",
            swiftSettings: strict
        ),
        tests("KafkaClient", ["KafkaTestSupport"]),
        .target(
            name: "KafkaTestSupport",
            dependencies: ["KafkaClient"],
            path: "Tests/KafkaTestSupport",
            swiftSettings: strict
        ),
        tests("KafkaConnector", ["DetectionPipeline"]),
        tests(
            "LambdaRuntime",
            ["Compression", "HTTPTestSupport", "JSONText", "KafkaTestSupport", "Telemetry"]
        ),
        tests(
            "LambdaFunction",
            [
                "AWSConnector", "AWSServices", "AWSTestSupport", "AnomalyDetection", "BinaryCoding",
                "Compression",
                "DetectionPipeline", "HTTPServer", "JSONText", "KafkaTestSupport", "LambdaRuntime",
                "LogRecords", "Retries", "Telemetry",
            ]
        ),
        tests(
            "HTTPConnector",
            ["AnomalyDetection", "DetectionPipeline", "HTTPClient", "HTTPTestSupport", "KafkaTestSupport"]
        ),
        tests(
            "AWSConnector",
            [
                "AWSServices", "AWSTestSupport", "AnomalyDetection", "Compression", "DetectionPipeline",
                "HTTPServer", "HTTPTestSupport", "JSONText", "KafkaTestSupport", "LambdaRuntime",
                "LogRecords",
                "Retries", "Telemetry",
            ]
        ),
        tests(
            "FunctionRunner",
            [
                "HTTPTestSupport", "JSONText", "KafkaTestSupport", "LocalLambdaModel", "SystemFiles",
                "Telemetry", "timberline",
            ]
        ),
        tests("HTTPClient", ["HTTPTestSupport", "KafkaTestSupport"]),
        tests("HTTPServer", ["HTTPTestSupport", "Telemetry"]),
        tests(
            "AWSServices",
            [
                "AWSTestSupport", "HTTPClient", "HTTPServer", "HTTPTestSupport", "JSONText",
                "KafkaTestSupport", "Retries", "SeededNumbers", "Telemetry",
            ]
        ),
        .target(
            name: "AWSTestSupport",
            dependencies: [
                "AWSServices", "HTTPClient", "HTTPServer", "HTTPTestSupport", "KafkaTestSupport", "Telemetry",
            ],
            path: "Tests/AWSTestSupport",
            swiftSettings: strict
        ),
        tests(
            "Operations",
            [
                "DetectionPipeline", "HTTPServer", "HTTPTestSupport", "KafkaTestSupport", "SeededNumbers",
                "Telemetry",
            ]
        ),
        .target(
            name: "HTTPTestSupport",
            dependencies: ["KafkaTestSupport"],
            path: "Tests/HTTPTestSupport",
            swiftSettings: strict
        ),
        tests(
            "ModelEndpoint",
            [
                "AWSTestSupport", "BinaryCoding", "HTTPServer", "HTTPTestSupport", "JSONText",
                "KafkaTestSupport", "RandomCutForest", "SeededNumbers", "Telemetry",
            ]
        ),
        tests("SiteSimulator"),
        tests("TypedValues"),
        tests("ZipArchive"),
        .testTarget(name: "ScriptTests", swiftSettings: strict),
        tests("CommandLineArguments", ["TypedValues"]),
        tests("Configuration", ["CommandLineArguments", "TypedValues"]),
        tests(
            "DetectionPipeline",
            [
                "AnomalyDetection", "LogRecords", "PipelineSimulation", "Retries", "SeededNumbers",
                "Telemetry",
            ]
        ),
        .target(
            name: "PipelineSimulation",
            dependencies: [
                "AnomalyDetection", "DetectionPipeline", "LogRecords", "Retries", "SeededNumbers",
                "Telemetry",
            ],
            path: "Tests/PipelineSimulation",
            swiftSettings: strict
        ),
        tests(
            "TimberlineCLI",
            [
                "AWSServices", "AWSTestSupport", "AnomalyDetection", "AnomalyStore", "Configuration",
                "DetectionConfiguration", "DetectionPipeline", "HTTPClient", "HTTPServer",
                "HTTPTestSupport", "JSONText", "KafkaClient", "KafkaConnector", "KafkaTestSupport",
                "ModelEndpoint", "SeededNumbers", "timberline",
            ]
        ),
    ]
)
