import Glibc
import RandomCutForest

/// Times the forest on a file of points (little-endian Float, row by row) on one thread, by the same protocol as the
/// peers: warm up on 20,000 rows, then go on through the file for some CPU seconds.
///
/// `forest-benchmark FILE DIMENSIONS SHINGLE TREES SAMPLES MODE SECONDS`, with the modes score-update, update,
/// attribution-update, score (a frozen forest) and score-batch (the same, a thousand rows at once); with `swift-` before it, the mode runs without the C kernel.
@main
struct ForestBenchmark {
    static let warmUp = 20_000

    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 7, arguments[1] == "memory" {
            try measureMemory(arguments)
        } else if arguments.count == 8, arguments[1] == "state" {
            try measureState(arguments)
        } else if arguments.count == 8,
            let points = Points(file: arguments[1], dimensions: Int(arguments[2]) ?? 0)
        {
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
        let scores = UnsafeMutableBufferPointer<Double>.allocate(capacity: 1000)
        defer { scores.deallocate() }
        let begin = cpuSeconds()
        var spent = 0.0
        var count = 0
        while spent < seconds {
            if mode == "score-batch" {
                _ = try forest.score(rows: points.rows(from: row, count: 1000), into: scores)
                sink += scores[0]
                row += 1000
            }
            for _ in 0..<(mode == "score-batch" ? 0 : 1000) {
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

    /// `memory DIMENSIONS SHINGLE TREES SAMPLES MODELS`: makes models, feeds each 3,000 points, scores 100, and reads
    /// what they take from /proc.
    static func measureMemory(_ arguments: [String]) throws {
        let numbers = arguments[2...].map { Int($0) ?? 0 }
        let configuration = RandomCutForest.Configuration(
            dimensions: numbers[0],
            shingleSize: numbers[1],
            treeCount: numbers[2],
            sampleSize: numbers[3],
            seed: 42
        )
        var models: [RandomCutForest] = []
        var generator = SystemRandomNumberGenerator()
        let points = (0..<3100).map { _ in
            (0..<numbers[0]).map { _ in
                (0..<12).reduce(Float(-6)) { sum, _ in sum + Float.random(in: 0..<1, using: &generator) }
            }
        }
        var sink = 0.0
        func add() throws {
            let forest = try RandomCutForest(configuration)
            for row in 0..<3000 { try forest.update(points[row]) }
            for row in 3000..<3100 { sink += try forest.score(points[row]) ?? 0 }
            models.append(forest)
        }
        // The first one pays for what all share, and the first look for what looking takes.
        try add()
        _ = residentBytes()
        let begin = cpuSeconds()
        let before = residentBytes()
        for _ in 0..<numbers[4] { try add() }
        let bytes = (residentBytes() - before) / numbers[4]
        let stated = try RandomCutForest.memoryBytes(for: configuration)
        let spent = cpuSeconds() - begin
        print(
            "ours bytes_per_model=\(bytes) stated=\(stated) models=\(numbers[4]) cpu_seconds=\(spent) \(sink)"
        )
    }

    static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 256)
        guard fgets(&text, 256, file) != nil else { return 0 }
        let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return (Int(words[1]) ?? 0) * 4096
    }

    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
