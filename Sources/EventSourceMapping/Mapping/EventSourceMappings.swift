import Dispatch
public import LocalLambdaModel
import Telemetry

/// All event source mappings of `timberline local`, each with a consumer and a thread of its own.
public final class EventSourceMappings: EventSourceMappingRunning {
    private let services: MappingServices
    private let runners = Locked<[EventSourceMappingID: MappingRunner]>([:])

    public init(_ services: MappingServices) {
        self.services = services
    }

    public func apply(_ mapping: EventSourceMappingConfiguration) {
        let known = runners.withLock { runners -> MappingRunner? in
            if let runner = runners[mapping.id] { return runner }
            runners[mapping.id] = MappingRunner(mapping, services) { [weak self] in self?.forget(mapping.id) }
            return nil
        }
        known?.apply(mapping)
    }

    public func remove(_ id: EventSourceMappingID) {
        runners.withLock { $0[id] }?.remove()
    }

    public func status(of id: EventSourceMappingID) -> EventSourceMappingStatus? {
        runners.withLock { $0[id] }?.status
    }

    /// Ends all mappings: what their functions have taken is committed, and the next process goes on behind it.
    ///
    /// - Parameter limit: how long invocations under way are waited for.
    public func stop(within limit: Duration = .seconds(30)) {
        let all = runners.withLock { Array($0.values) }
        for runner in all { runner.end() }
        let deadline = DispatchTime.now() + .seconds(Int(limit.components.seconds))
        for runner in all { runner.wait(until: deadline) }
    }

    private func forget(_ id: EventSourceMappingID) {
        runners.withLock { $0[id] = nil }
    }
}
