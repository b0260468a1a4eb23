import Glibc
import RandomCutForest

/// Times the forest on a file of points (little-endian Float, row by row) on one thread, by the same protocol as the
/// peers: warm up on 20,000 rows, then go on through the file for some CPU seconds.
///
/// `forest-benchmark FILE DIMENSIONS SHINGLE TREES SAMPLES MODE SECONDS`, with the modes score-update, update,
/// attribution-update and score (a frozen forest); with `swift-` before it, the mode runs without the C kernel.
@main
struct ForestBenchmark {
    static let warmUp = 20_000

    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 8, let points = Points(file: arguments[1], dimensions: Int(arguments[2]) ?? 0) {
            try measure(points, arguments)
        } else {
            print("usage: forest-benchmark FILE DIMENSIONS SHINGLE TREES SAMPLES MODE SECONDS")
            exit(64)
        }
    }

    static func measure(_ points: Points, _ arguments: [String]) throws {
        let forest = try RandomCutForest(
            .init(
                dimensions: points.dimensions,
                shingleSize: Int(arguments[3]) ?? 0,
                treeCount: Int(arguments[4]) ?? 0,
                sampleSize: Int(arguments[5]) ?? 0,
                seed: 42
            )
        )
        // The Swift code alone, without the C kernel.
        if arguments[6].hasPrefix("swift-") { forest.usesKernel = false }
        let mode = arguments[6].hasPrefix("swift-") ? String(arguments[6].dropFirst(6)) : arguments[6]
        let seconds = Double(arguments[7]) ?? 0
        var sink = 0.0
        for row in 0..<warmUp { sink += try forest.scoreThenUpdate(points[row]) ?? 0 }
        var row = mode == "score" ? 0 : warmUp
        let begin = cpuSeconds()
        var spent = 0.0
        var count = 0
        while spent < seconds {
            for _ in 0..<1000 {
                let point = points[row]
                switch mode {
                case "score-update": sink += try forest.scoreThenUpdate(point) ?? 0
                case "score": sink += try forest.score(point) ?? 0
                case "update": try forest.update(point)
                case "attribution-update":
                    sink += try forest.attribution(point)?.score ?? 0
                    try forest.update(point)
                default:
                    print("no mode \(mode)")
                    exit(64)
                }
                row += 1
            }
            count += 1000
            spent = cpuSeconds() - begin
        }
        let rate = Int(Double(count) / spent)
        print("ours mode=\(mode) points_per_cpu_second=\(rate) points=\(count) checksum=\(sink)")
    }

    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
