/// The bounds of one execution environment.
struct EnvironmentLimits: Sendable, Equatable {
    /// For the first try to initialize.
    var initialization: Duration = .seconds(10)
    /// For an invocation.
    var timeout: Duration = .seconds(3)
    /// How long it waits for another invocation.
    var idle: Duration = .seconds(300)
    /// Bytes of resident memory of all its processes.
    var memory = 128 << 20
    /// How often memory is measured.
    var memoryInterval: Duration = .milliseconds(50)
    /// How long an answer waits for the process to ask for the next event, which is the invocation's end. A function
    /// that works on behind its answer does not delay it for longer.
    var answerGrace: Duration = .seconds(1)

    /// Bytes of an answer at most: 6 MiB and 100 bytes, as Lambda counts.
    static let responseByteLimit = 6_291_556
}
