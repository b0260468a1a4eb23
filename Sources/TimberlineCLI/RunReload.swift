import Configuration

/// The configuration in force, and whether another one may follow it in the same run.
struct RunReload {
    struct Refusal: Error {
        var message: String
    }

    private(set) var current: EffectiveConfiguration
    private let load: () throws -> EffectiveConfiguration

    /// - Parameter load: reads the configuration again, and checks it.
    init(_ configuration: EffectiveConfiguration, load: @escaping () throws -> EffectiveConfiguration) {
        current = configuration
        self.load = load
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
        let fixed = changed.filter { !RunSchema.changeable.contains($0) }
        guard fixed.isEmpty else {
            throw Refusal(
                message: "\(fixed.joined(separator: ", ")) cannot change in a run; restart it to change that"
            )
        }
        current = next
        return (next, changed)
    }
}
