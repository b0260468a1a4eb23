import DetectionPipeline

/// Time that passes only when somebody lets it.
final class SimulatedClock: PipelineClock {
    private(set) var now = PipelineInstant(sinceStart: .zero)

    var wallMilliseconds: Int64 {
        1_700_000_000_000 + Int64(now.sinceStart / .milliseconds(1))
    }

    func advance(_ duration: Duration) { now = now + duration }

    func sleep(until instant: PipelineInstant) { now = max(now, instant) }
}
