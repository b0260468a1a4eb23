import JSONText
import LocalLambdaModel

/// A mapping, its tags, and settings that have no effect here but are shown as they were given.
struct MappingRecord: Sendable {
    var configuration: EventSourceMappingConfiguration
    var tags: [String: String] = [:]
    var echoed: [String: JSONValue] = [:]
    /// Whether it is being deleted: it is no longer stored, and shown until its pollers have stopped.
    var isDeleted = false
}
