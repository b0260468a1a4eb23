import HTTPServer
import JSONText
import Telemetry

/// Takes what functions post, and counts by it: every score under its record's identity.
final class ScoreLedger {
    /// Scores of one partition.
    struct Partition: Equatable {
        /// By offset, as bits; nil where there is none.
        var scores: [UInt64?] = []
        var count = 0
        /// Records that came again.
        var redelivered = 0
        /// Records that came again with another score.
        var contradicted = 0
        /// Records that came for the first time after a later one, or with one between missing.
        var misplaced = 0

        mutating func add(_ offset: Int, _ score: Double) {
            if offset < scores.count, let known = scores[offset] {
                redelivered += 1
                if known != score.bitPattern { contradicted += 1 }
                return
            }
            // What a model learns first has no score, so that the first one may be any.
            if count > 0, offset != scores.count { misplaced += 1 }
            if offset >= scores.count {
                scores += Array(repeating: nil, count: offset + 1 - scores.count)
            }
            scores[offset] = score.bitPattern
            count += 1
        }
    }

    private let server: HTTPServer
    private let state: Locked<State>

    private struct State {
        var partitions: [Int32: Partition] = [:]
        var malformed: [String] = []
    }

    init() throws {
        let state = Locked(State())
        var settings = HTTPServer.Settings()
        settings.hasThreadPerConnection = true
        server = try HTTPServer(settings) { request in
            Self.take(request.body, state)
            return HTTPResponse(text: "ok\n")
        }
        self.state = state
    }

    deinit { server.stop(within: .zero) }

    var url: String { "http://\(server.address)/" }

    var partitions: [Int32: Partition] { state.withLock { $0.partitions } }
    /// What was posted in another form than the documented one.
    var malformed: [String] { state.withLock { $0.malformed } }
    /// Records with a score.
    var count: Int { state.withLock { $0.partitions.values.reduce(0) { $0 + $1.count } } }
    var redelivered: Int { state.withLock { $0.partitions.values.reduce(0) { $0 + $1.redelivered } } }

    private static func take(_ body: [UInt8], _ state: Locked<State>) {
        let records = (try? JSONValue(body))?["anomalies"]?.array
        state.withLock { state in
            guard let records else { return state.malformed.append(String(decoding: body, as: UTF8.self)) }
            for record in records {
                let source = record["source"]
                guard let partition = source?["partition"]?.integer, let offset = source?["offset"]?.integer,
                    let score = record["score"]?.double
                else {
                    state.malformed.append("\(record)")
                    continue
                }
                state.partitions[Int32(partition), default: Partition()].add(Int(offset), score)
            }
        }
    }
}
