/// Why a service is not ready. The raw values are stable: `/readyz`, alerts and the documentation have them.
public enum UnreadyReason: String, Sendable, CaseIterable {
    /// It has not yet connected, or still learns its history.
    case starting
    /// Its group has not yet given it partitions, be it none of them.
    case noPartitions = "no_partitions"
    case brokerUnreachable = "broker_unreachable"
    /// A sink refuses what it is given; it is tried again.
    case sinkFailing = "sink_failing"
    /// Consumption stands still until a sink works again.
    case paused
    /// It was asked to end, and finishes what it holds.
    case draining
}
