import DetectionPipeline
import Glibc
import LogRecords

@testable import AnomalyDetection

/// The lines of a file in memory, and how they are read.
struct Lines {
    let bytes: [UInt8]
    let ranges: [Range<Int>]
    /// What a service's requests are watched for.
    let plan = FeaturePlan(
        features: [
            Feature(
                name: "status 5xx",
                source: .field("status"),
                transform: .indicator(lower: 500, upper: 600)
            ),
            .size("bytes", unit: "B"),
            .duration("request_time", unit: "s", scale: 0.001),
        ],
        entityField: "service"
    )

    init(path: String) throws(BenchmarkError) {
        guard let file = fopen(path, "rb") else { throw BenchmarkError(message: "cannot read \(path)") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        bytes = [UInt8](unsafeUninitializedCapacity: size) { $1 = fread($0.baseAddress, 1, size, file) }
        var ranges: [Range<Int>] = []
        var start = 0
        for end in bytes.indices where bytes[end] == 0x0a {
            ranges.append(start..<end)
            start = end + 1
        }
        self.ranges = ranges
    }

    var count: Int { ranges.count }

    var format: LogFormat {
        LogFormat.detect(lines: ranges.prefix(LogFormat.sampleLines).map { Array(bytes[$0]) })
    }

    func decoder() throws -> LineDecoder { try LineDecoder(.log(format), referenceYear: 2026) }

    /// The lines as records of one stream, `size` in a batch.
    func batches(of size: Int) -> [RecordBatch] {
        let stream = RecordStream(origin: "memory", name: "lines")
        return stride(from: 0, to: count, by: size).map { first in
            let part = ranges[first..<min(first + size, count)]
            guard let start = part.first?.lowerBound, let end = part.last?.upperBound else {
                return RecordBatch(stream: stream)
            }
            let records = part.enumerated().map { index, range in
                RecordBatch.Record(
                    offset: Int64(first + index),
                    nextOffset: Int64(first + index + 1),
                    value: range.lowerBound - start..<range.upperBound - start
                )
            }
            return RecordBatch(stream: stream, bytes: Array(bytes[start..<end]), records: records)
        }
    }
}
