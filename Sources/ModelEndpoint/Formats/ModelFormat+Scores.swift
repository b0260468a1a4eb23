import BinaryCoding
import Telemetry

extension ModelFormat {
    /// Writes scores as SageMaker's own random cut forest does, in the order of the rows.
    ///
    /// - Parameters:
    ///   - scores: finite.
    ///   - isBare: `{"scores":[1.02]}` in place of `{"scores":[{"score":1.02}]}`, for JSON.
    public func write(_ scores: [Double], isBare: Bool) -> [UInt8] {
        switch self {
        case .json:
            var json = JSONWriter()
            json.object { json in
                json.array("scores") { json in
                    for score in scores {
                        if isBare {
                            json.number(nil, score)
                        } else {
                            json.object { $0.number("score", score) }
                        }
                    }
                }
            }
            return Array(json.text.utf8)
        case .jsonLines:
            var bytes: [UInt8] = []
            for score in scores {
                var json = JSONWriter()
                json.object { $0.number("score", score) }
                bytes += json.text.utf8
                bytes.append(UInt8(ascii: "\n"))
            }
            return bytes
        case .csv: return scores.flatMap { "\($0)\n".utf8 }
        case .recordIO:
            var bytes: [UInt8] = []
            for score in scores { RecordIO.append(record: Self.record(score), to: &bytes) }
            return bytes
        }
    }

    /// A `Record` whose label `score` is a tensor of one 32-bit float. Each level is counted in one byte, as all are
    /// short.
    private static func record(_ score: Double) -> [UInt8] {
        func counted(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
            [field << 3 | UInt8(ProtobufReader.WireType.counted.rawValue), UInt8(content.count)] + content
        }
        var number = ByteWriter()
        number.write(Float(score).bitPattern)
        let value = counted(2, counted(1, number.bytes))
        return counted(2, counted(1, Array("score".utf8)) + counted(2, value))
    }
}
