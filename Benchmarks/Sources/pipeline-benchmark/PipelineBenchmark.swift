import Glibc
import LogRecords
import RandomCutForest
import SiteSimulator

@testable import AnomalyDetection

/// Lines per CPU second of each stage on one thread, over the access log of a simulated site: three
/// features, 50 trees of 256 samples, one model.
///
/// `pipeline-benchmark ROUNDS [POINTS-FILE]`: the file gets the points that the forest saw, for peers.
@main
struct PipelineBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        let rounds = arguments.count > 1 ? Int(arguments[1]) ?? 3 : 3
        let workload = SimulatedLines(count: 100_000)
        var rates: [String: [Double]] = [:]
        for _ in 0..<rounds {
            for (stage, run) in try stages(workload) {
                let start = cpuSeconds()
                try run()
                rates[stage, default: []].append(Double(workload.ranges.count) / (cpuSeconds() - start))
            }
        }
        if arguments.count > 2 { try workload.writePoints(to: arguments[2]) }
        for stage in ["parse", "features", "score", "whole"] {
            let sorted = (rates[stage] ?? []).sorted()
            print("pipeline stage=\(stage) lines_per_cpu_second=\(Int(sorted[sorted.count / 2]))")
        }
    }

    /// Each stage by itself: `features` parses too, `score` takes rows that are ready.
    private static func stages(_ workload: SimulatedLines) throws -> [(String, () throws -> Void)] {
        let plan = workload.plan
        let detector = StreamDetector(
            decoder: try workload.decoder(),
            plan: plan,
            settings: DetectorSettings()
        )
        let entity = try EntityDetector(
            entity: "",
            lane: 0,
            features: plan.features,
            settings: DetectorSettings()
        )
        let rows = try workload.rows()
        return [
            ("parse", { try workload.parse() }),
            ("features", { _ = try workload.rows() }),
            (
                "score",
                {
                    for index in rows.rows.indices {
                        let timestamp = rows.rows[index].timestamp
                        _ = rows.withValues(of: index) { entity.judge($0, timestamp: timestamp) }
                    }
                }
            ),
            (
                "whole",
                {
                    try workload.bytes.withUnsafeBufferPointer { bytes in
                        for start in stride(from: 0, to: workload.ranges.count, by: 500) {
                            let end = min(start + 500, workload.ranges.count)
                            _ = try detector.process(bytes, lines: Array(workload.ranges[start..<end]))
                        }
                    }
                }
            ),
        ]
    }

    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
