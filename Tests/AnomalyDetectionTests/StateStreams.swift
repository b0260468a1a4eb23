import LogRecords
import Patterns
import SeededNumbers

@testable import AnomalyDetection

/// Seeded streams of several formats, with anomalies, for tests that cut them in two.
enum StateStream: String, CaseIterable {
    case json, entities, csvSecondHeader, syslogNewYear, access, pattern, w3c

    static let lineCount = 400
    /// The first line of the new year, of the stream that has one.
    static let newYear = 170

    var settings: StreamSettings {
        get throws {
            var settings = StreamSettings()
            settings.detector.treeCount = 10
            settings.detector.sampleSize = 32
            settings.detector.warmUp = 8
            settings.detector.seed = 5
            switch self {
            case .json: settings.detector.threshold = .fixed(1.2)
            case .entities:
                settings.entityField = "service"
                settings.detector.maximumEntities = 9
                settings.detector.timeDecay = 0.01
                settings.features = [
                    .gap, .duration("ms", unit: "ms", scale: 1),
                    Feature(name: "total", source: .field("total"), transform: .difference),
                    Feature(name: "n", source: .field("n"), transform: .identity, isNormalized: false),
                ]
            case .csvSecondHeader, .w3c: settings.detector.normalizationWindow = 50
            case .syslogNewYear: settings.format = .log(.text)
            case .access: settings.entityField = "host"
            case .pattern:
                settings.format = .pattern(
                    try Pattern(
                        "(?<month>\\w+) (?<day>\\d+) took (?<took_ms>\\d+)",
                        limits: .init(steps: 5_000)
                    )
                )
            }
            return settings
        }
    }

    func lines(seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed: seed)
        func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
        func value(_ range: Range<Int>) -> Int { number(0..<40) == 0 ? range.upperBound * 30 : number(range) }
        var total = 0
        let lines = (0..<Self.lineCount).map { index -> String in
            if number(0..<60) == 0 { return number(0..<2) == 0 ? "" : "# not a record {" }
            switch self {
            case .json:
                return
                    "{\"time\":\(1_700_000_000 + index * 60),\"status\":\(value(200..<204)),\"took_ms\":\(value(10..<90))}"
            case .entities:
                total = number(0..<50) == 0 ? 0 : total + number(1..<9)
                let service = number(0..<4) > 0 ? number(0..<6) : number(0..<40)
                let name = service == 3 ? "" : service == 5 ? "\\u00e9\\ud800" : "s\(service)"
                let count = number(0..<5) == 0 ? "null" : "\(value(1..<9))"
                return
                    "{\"ts\":\(1_700_000_000 + index),\"service\":\"\(name)\",\"ms\":\(value(10..<90)),\"total\":\(total),\"n\":\(count)}"
            case .csvSecondHeader:
                if index == 0 { return "time,value,load" }
                if index == 150 { return "time,load,value" }
                return "\(1_700_000_000 + index * 60),\(value(10..<90)),\(value(1_000..<2_000))"
            case .w3c:
                if index % 130 == 0 { return "#Fields: date time cs-method sc-status time-taken" }
                if index == 200 { return "#Fields: date time cs-method time-taken sc-status" }
                return
                    "2024-01-02 03:0\(index / 60):\(10 + index % 50) GET \(value(200..<203)) \(value(10..<90))"
            case .syslogNewYear:
                let day = index < Self.newYear ? "Dec 31" : "Jan  1"
                return "\(day) 23:0\(index / 50):\(10 + index % 50) host sshd[12]: took \(value(1..<90)) ms"
            case .access:
                return
                    "10.0.0.\(number(0..<3)) - - [01/Jan/2024:00:0\(index / 60):\(10 + index % 50) +0000] \"GET / HTTP/1.1\" \(value(200..<201)) \(value(100..<900)) \"-\" \"-\""
            case .pattern: return "Jan \(number(1..<29)) took \(value(10..<90))"
            }
        }
        return lines.map { Array($0.utf8) }
    }

    /// A detector whose format and features are settled by the stream's first lines.
    func detector(
        _ lines: [[UInt8]],
        settings: StreamSettings? = nil,
        threads: Int = 1
    ) throws -> StreamDetector {
        let settings = try settings ?? self.settings
        let sample = Array(lines.prefix(32))
        let format = settings.format ?? .log(LogFormat.detect(lines: sample))
        let decoder = try LineDecoder(format, referenceYear: 2023)
        let features =
            settings.features ?? FeaturePlan.standardFeatures(for: format, lines: sample, decoder: decoder)
        return StreamDetector(
            decoder: decoder,
            plan: FeaturePlan(features: features, entityField: settings.entityField),
            settings: settings,
            threads: threads
        )
    }
}

extension StreamDetector {
    /// What became of each line, every bit of it.
    func outcomes(of lines: some Collection<[UInt8]>) throws -> [String] {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for line in lines {
            ranges.append(bytes.count..<bytes.count + line.count)
            bytes += line
        }
        return try bytes.withUnsafeBufferPointer { try process($0, lines: ranges) }.map { "\($0)" }
    }
}
