import Configuration
import Telemetry

/// The configuration in force, and whether another one may follow it in the same run.
struct RunReload {
    struct Refusal: Error {
        var message: String
    }

    private(set) var current: EffectiveConfiguration
    private let changeable: Set<String>
    private let load: () throws -> EffectiveConfiguration

    /// - Parameters:
    ///   - changeable: the settings that may change in a run.
    ///   - load: reads the configuration again, and checks it.
    init(
        _ configuration: EffectiveConfiguration,
        changeable: Set<String>,
        load: @escaping () throws -> EffectiveConfiguration
    ) {
        current = configuration
        self.changeable = changeable
        self.load = load
    }

    /// Acts on SIGHUP, if it came: the next configuration is put in force by `apply`, or refused with a word.
    mutating func runIfAsked(
        _ logger: Logger,
        _ operations: RunOperations,
        apply: (EffectiveConfiguration) -> Void
    ) {
        guard ReloadSignal.take() else { return }
        do throws(Refusal) {
            let (configuration, changed) = try next()
            apply(configuration)
            logger.info(
                "configuration_reloaded",
                "the configuration is in force",
                ["changed": .string(changed.joined(separator: ","))]
            )
            operations.reloaded(isAccepted: true)
        } catch {
            logger.error("configuration_refused", "the one before stays in force: \(error.message)")
            operations.reloaded(isAccepted: false)
        }
    }

    /// Reads the next configuration, which is current from then on. It is taken whole or not at all: what is in
    /// force is always what one configuration says.
    ///
    /// - Returns: the configuration, and the settings that changed.
    mutating func next() throws(Refusal) -> (configuration: EffectiveConfiguration, changed: [String]) {
        let next: EffectiveConfiguration
        do {
            next = try load()
        } catch let failure as CommandFailure {
            throw Refusal(message: failure.message)
        } catch {
            throw Refusal(message: "\(error)")
        }
        let changed = current.changedKeys(in: next)
        let fixed = changed.filter { !changeable.contains($0) }
        guard fixed.isEmpty else {
            throw Refusal(
                message: "\(fixed.joined(separator: ", ")) cannot change in a run; restart it to change that"
            )
        }
        current = next
        return (next, changed)
    }
}
