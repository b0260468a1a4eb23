import Telemetry

/// The models that are served, by the name of their endpoint. From any thread.
public final class ModelRegistry: Sendable {
    private let models: Locked<[String: EndpointModel]>

    public init(_ models: [String: EndpointModel] = [:]) {
        self.models = Locked(models)
    }

    /// The model of an endpoint; nil removes it. Requests under way keep the one that they have.
    public subscript(name: String) -> EndpointModel? {
        get { models.withLock { $0[name] } }
        set { models.withLock { $0[name] = newValue } }
    }

    /// In alphabetical order.
    public var names: [String] { models.withLock { $0.keys.sorted() } }

    public var count: Int { models.withLock { $0.count } }
}
