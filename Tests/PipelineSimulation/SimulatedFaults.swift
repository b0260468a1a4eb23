import DetectionPipeline

/// What goes wrong, and how often: probabilities for each call outward.
public struct SimulatedFaults: Sendable {
    /// The process ends before, in, or after the call.
    public var crash = 0.0
    /// The process stands still at the call for longer than its session; others go on without it.
    public var freeze = 0.0
    /// The call fails and may succeed later, with some of its work done.
    public var transient = 0.0
    /// A sink goes down for seconds.
    public var outage = 0.0
    /// The group is rebalanced although nobody came or went.
    public var rebalance = 0.0
    /// Records come that came before.
    public var duplicate = 0.0
    /// The share of records that a sink refuses for what they hold.
    public var poison = 0.0

    public static let none = SimulatedFaults()

    /// Chosen by chance, from calm to wild.
    static func chosen(_ random: inout SimulatedRandom) -> SimulatedFaults {
        func some(_ most: Double) -> Double {
            random.chance(0.3) ? 0 : most * Double.random(in: 0..<1, using: &random)
        }
        var faults = SimulatedFaults()
        faults.crash = some(0.03)
        faults.freeze = some(0.01)
        faults.transient = some(0.05)
        faults.outage = some(0.02)
        faults.rebalance = some(0.02)
        faults.duplicate = some(0.1)
        faults.poison = some(0.02)
        return faults
    }
}

/// The end of a process: no error that anything may catch and go on from.
struct SimulatedCrash: Error {}

/// A call that may succeed later.
struct SimulatedOutage: ClassifiedError, CustomStringConvertible {
    var description: String
    var failureKind: FailureKind { .transient }
}

/// A record that the sink can never take.
struct SimulatedPoison: ClassifiedError, CustomStringConvertible {
    var description: String { "poison" }
    var failureKind: FailureKind { .poison }
}
