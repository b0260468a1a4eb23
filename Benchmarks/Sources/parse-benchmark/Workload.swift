import Glibc
import LogRecords

/// Lines in memory, and how they are read.
struct Workload {
    var format: LogFormat
    var bytes: [UInt8]
    var lines: Int

    /// The lines of a file, at most 256 MiB of it.
    init?(path: String, format name: String?) {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        bytes.removeLast(bytes.count - count)
        let sample = bytes.prefix(1 << 20).split(separator: 0x0a).prefix(LogFormat.sampleLines).map(
            Array.init
        )
        self.init(format: name.flatMap { LogFormat(name: $0) } ?? .detect(lines: sample), bytes: bytes)
    }

    init(format: LogFormat, bytes: [UInt8]) {
        self.format = format
        self.bytes = bytes
        lines = bytes.reduce(into: 0) { count, byte in count += byte == 0x0a ? 1 : 0 }
    }

    struct Result {
        var failed: Int
        /// Lines per CPU second: parsing alone (cut beforehand), and cutting and parsing together.
        var rate: Double
        var splitRate: Double
    }

    /// The median of the rounds, after one that is not counted.
    func measure(rounds: Int) -> Result {
        var record = ParsedRecord()
        var failed = 0
        var rates: [Double] = []
        var splitRates: [Double] = []
        bytes.withUnsafeBufferPointer { buffer in
            let cut = buffer.split(separator: 0x0a).map { UnsafeBufferPointer(rebasing: $0) }
            for round in 0...rounds {
                failed = 0
                var parser = LogParser(format: format)
                var start = cpuSeconds()
                for line in cut {
                    if case .failed = parser.parse(line, into: &record) { failed += 1 }
                }
                if round > 0 { rates.append(Double(lines) / (cpuSeconds() - start)) }
                parser = LogParser(format: format)
                var splitter = LineSplitter()
                start = cpuSeconds()
                for chunk in stride(from: 0, to: buffer.count, by: 1 << 16) {
                    let piece = UnsafeBufferPointer(
                        rebasing: buffer[chunk..<min(chunk + 1 << 16, buffer.count)]
                    )
                    splitter.feed(piece) { line in _ = parser.parse(line.bytes, into: &record) }
                }
                if round > 0 { splitRates.append(Double(lines) / (cpuSeconds() - start)) }
            }
        }
        return Result(
            failed: failed,
            rate: rates.sorted()[rounds / 2],
            splitRate: splitRates.sorted()[rounds / 2]
        )
    }

    private func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
