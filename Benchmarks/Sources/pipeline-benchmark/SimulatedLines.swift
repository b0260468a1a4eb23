import Glibc
import LogRecords
import SiteSimulator

@testable import AnomalyDetection

/// The lines of a simulated site in memory, and the stages that read them.
struct SimulatedLines {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []

    init(count: Int) {
        var simulator = SiteSimulator(SiteConfiguration(seed: 1, duration: .seconds(86_400)))
        while ranges.count < count {
            let start = bytes.count
            guard simulator.next(into: &bytes) != nil else { break }
            ranges.append(start..<bytes.count - 1)
        }
    }

    let plan = FeaturePlan(features: [
        Feature(name: "5xx", source: .field("status"), transform: .indicator(lower: 500, upper: 600)),
        .size("bytes", unit: "B"),
        .duration("request_time", unit: "s", scale: 0.001),
    ])

    func decoder() throws -> LineDecoder {
        try LineDecoder(
            .log(LogFormat.detect(lines: ranges.prefix(32).map { Array(bytes[$0]) })),
            referenceYear: 2026
        )
    }

    func parse() throws {
        var decoder = try decoder()
        var record = ParsedRecord()
        bytes.withUnsafeBufferPointer { bytes in
            for range in ranges {
                _ = decoder.decode(UnsafeBufferPointer(rebasing: bytes[range]), into: &record)
            }
        }
    }

    /// Every line as a row of raw values.
    func rows() throws -> RowTable {
        var extractor = RowExtractor(decoder: try decoder(), plan: plan)
        var table = RowTable(rowCount: ranges.count, featureCount: plan.features.count)
        var entities: [UInt8] = []
        bytes.withUnsafeBufferPointer { bytes in
            table.withBuffers {
                extractor.extract(bytes, ranges, ranges.indices, into: $0, entities: &entities)
            }
        }
        return table
    }

    /// Writes the rows' coordinates as little-endian Float, row by row.
    func writePoints(to path: String) throws {
        let table = try rows()
        guard let file = fopen(path, "wb") else { return }
        defer { fclose(file) }
        for index in table.rows.indices {
            let point = table.withValues(of: index) { values in
                zip(plan.features, values).map { Float($0.transform.apply($1)) }
            }
            fwrite(point, MemoryLayout<Float>.size, point.count, file)
        }
    }
}
