import LocalLambdaModel
import Telemetry

/// Mappings that run at once, and stop when the test says so.
final class FakeMappings: EventSourceMappingRunning {
    private struct State {
        var mappings: [EventSourceMappingID: EventSourceMappingConfiguration] = [:]
        var removed: Set<EventSourceMappingID> = []
        var stopsAtOnce = true
    }

    private let state = Locked(State())

    var applied: [EventSourceMappingConfiguration] { state.withLock { Array($0.mappings.values) } }

    /// From now on a removed mapping goes on until this is called again with true.
    func setStopsAtOnce(_ value: Bool) {
        state.withLock { state in
            state.stopsAtOnce = value
            if value { for id in state.removed { state.mappings[id] = nil } }
        }
    }

    func apply(_ mapping: EventSourceMappingConfiguration) {
        state.withLock { $0.mappings[mapping.id] = mapping }
    }

    func remove(_ id: EventSourceMappingID) {
        state.withLock { state in
            state.removed.insert(id)
            if state.stopsAtOnce { state.mappings[id] = nil }
        }
    }

    func status(of id: EventSourceMappingID) -> EventSourceMappingStatus? {
        state.withLock { state in
            guard let mapping = state.mappings[id] else { return nil }
            if state.removed.contains(id) { return EventSourceMappingStatus(state: .deleting) }
            return EventSourceMappingStatus(
                state: mapping.isEnabled ? .enabled : .disabled,
                lastProcessingResult: "OK"
            )
        }
    }
}
