// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that benchmarks never burden a build of Timberline.

let package = Package(
    name: "timberline-benchmarks",
    dependencies: [
        .package(name: "timberline", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "forest-benchmark",
            dependencies: [.product(name: "RandomCutForest", package: "timberline")],
            swiftSettings: [.swiftLanguageMode(.v6)]
        ),
        .target(name: "SeededNumbers", swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(
            name: "pipeline-benchmark",
            dependencies: ["SeededNumbers"]
                + [
                    "AnomalyDetection", "AnomalyStore", "DetectionPipeline", "KafkaClient", "KafkaConnector",
                    "LogRecords", "Telemetry",
                ].map { .product(name: $0, package: "timberline") },
            swiftSettings: [.swiftLanguageMode(.v6)]
        ),
        .executableTarget(
            name: "raw-consumer",
            cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("rdkafka")]
        ),
        .executableTarget(
            name: "endpoint-load",
            cSettings: [.define("_GNU_SOURCE")]
        ),
        .executableTarget(
            name: "parse-benchmark",
            dependencies: ["SeededNumbers", .product(name: "LogRecords", package: "timberline")],
            swiftSettings: [.swiftLanguageMode(.v6)]
        ),
    ]
)
