import Foundation
import SeededNumbers

/// A JSON log of a service with one line that is far out, by seed.
struct SampleLog {
    var lines: [String] = []
    /// Index of the odd line.
    var odd: Int

    init(count: Int = 600, seed: UInt64 = 7, odd: Int? = nil, services: Int = 1) {
        var random = SeededGenerator(seed: seed)
        self.odd = odd ?? count - 50
        for index in 0..<count {
            let time = index == self.odd ? 45_000 : Int.random(in: 20..<60, using: &random)
            let bytes = Int.random(in: 800..<1_200, using: &random)
            let service = Int.random(in: 0..<services, using: &random)
            lines.append(
                """
                {"time":"2024-05-01T10:\(Self.two(index / 60 % 60)):\(Self.two(index % 60))Z",\
                "service":"s\(service)","status":200,"duration_ms":\(time),"bytes":\(bytes)}
                """
            )
        }
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
