import AnomalyStore
import Configuration
import DetectionPipeline
import KafkaConnector
import Telemetry
import TypedValues

/// Where a run saves its models.
enum CheckpointPlace: Sendable, Equatable {
    case none
    /// The file of the anomalies.
    case store
    case directory(String)
    case topic(String)
}

extension CheckpointPlace {
    /// Opens it; nil where nothing is to be saved.
    func open(_ configuration: EffectiveConfiguration, logger: Logger) throws -> CheckpointStore? {
        let storage: any CheckpointStorage
        switch self {
        case .none: return nil
        case .store: storage = try SQLiteCheckpointStorage(path: configuration[RunSchema.store])
        case .directory(let path): storage = try DirectoryCheckpointStorage(path: path)
        case .topic(let name):
            storage = try TopicCheckpointStorage(
                RunSchema.kafkaProperties(configuration),
                topic: name,
                connectTimeout: configuration[RunSchema.connectTimeout],
                logger: logger
            )
        }
        return CheckpointStore(storage, group: configuration[RunSchema.group])
    }
}

extension ValueType where Value == CheckpointPlace {
    static var checkpointPlace: ValueType {
        ValueType(
            placeholder: "store|directory:PATH|topic:NAME|none",
            completion: .choices(["store", "directory:", "topic:", "none"])
        ) { (text: String) throws(ValueError) -> CheckpointPlace in
            switch text {
            case "store": return .store
            case "none": return .none
            default: break
            }
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            switch (parts.first, parts.count) {
            case ("directory", 2): return .directory(parts[1])
            case ("topic", 2): return .topic(parts[1])
            default: throw ValueError(text, "is none of store, directory:PATH, topic:NAME and none")
            }
        } write: { place in
            switch place {
            case .none: "none"
            case .store: "store"
            case .directory(let path): "directory:\(path)"
            case .topic(let name): "topic:\(name)"
            }
        }
    }
}
