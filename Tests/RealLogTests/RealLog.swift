import Foundation
import Testing

/// A real log beside the repository, and the odd lines that it has room for.
struct RealLog: CustomTestStringConvertible, Sendable {
    var file: String
    var kinds: [Oddity]
    var plant: @Sendable (inout [String], Int, Oddity) -> Bool

    var testDescription: String { file }

    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/logs")

    static var isPresent: Bool {
        FileManager.default.fileExists(atPath: directory.appending(path: "elastic").path)
    }

    var path: String { Self.directory.appending(path: file).path }

    func lines() throws -> [String] {
        let bytes = try Data(contentsOf: URL(filePath: path))
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    static let all = [
        apache, nginxPlus, authentication, controller, stateChange, garbageCollector, openStack,
    ]

    /// No request time. 27 answers of its own have over 48 MB, so one of 69 MB is hardly odd here.
    static let apache = RealLog(
        file: "elastic/apache_logs_10k.log",
        kinds: [.error, .error, .error, .error, .error, .error, .error, .error, .error, .huge]
    ) {
        switch $2 {
        case .error: $0.replace($1, #"" (200) \d+ ""#) { _ in "500" }
        case .huge: $0.replace($1, #"" 200 (\d+) ""#) { _ in "69192717" }
        default: false
        }
    }

    /// Counters every five seconds.
    static let nginxPlus = RealLog(file: "elastic/nginxplus_json_logs.json", kinds: [.gap, .gap, .huge]) {
        switch $2 {
        case .gap: $0.add(30_000, to: #""timestamp":(\d+)"#, from: $1)
        case .huge: $0.add(69_000_000, to: #""hg\.nginx\.org":\{.*?"sent":(\d+)"#, from: $1)
        default: false
        }
    }

    /// Gaps of minutes are usual here, and no line says its level.
    static let authentication = RealLog(file: "elastic/auth.log", kinds: [.long]) { lines, index, _ in
        lines.lengthen(index)
    }

    /// Of its 570 lines a sixth has over 4 kB, and five come after gaps of minutes.
    static let controller = RealLog(
        file: "elastic/kafka_controller.log.2016-12-19-16",
        kinds: [.error, .error, .error, .error, .gap]
    ) {
        switch $2 {
        case .error: $0.replace($1, #"^\[[^\]]*\] (INFO|DEBUG|TRACE)"#) { _ in "ERROR" }
        case .gap: $0.delayLog4j(from: $1)
        default: false
        }
    }

    static let stateChange = RealLog(file: "elastic/kafka_state-change.log", kinds: [.long, .error]) {
        switch $2 {
        case .error: $0.replace($1, #"^\[[^\]]*\] (INFO|DEBUG|TRACE)"#) { _ in "ERROR" }
        case .long: $0.lengthen($1)
        default: false
        }
    }

    /// 53 gaps of over 30 s are its own.
    static let garbageCollector = RealLog(file: "elastic/kafka_kafkaServer-gc.log", kinds: [.long]) {
        lines,
        index,
        _ in lines.lengthen(index)
    }

    static let openStack = RealLog(file: "loghub/OpenStack/OpenStack_2k.log", kinds: [.slow, .huge, .error]) {
        switch $2 {
        case .slow: $0.replace($1, #" time: ([\d.]+)"#) { String((Double($0) ?? 0) * 100) }
        case .huge: $0.replace($1, #" len: (\d+)"#) { _ in "69192717" }
        case .error: $0.replace($1, #"status: (2\d\d) len"#) { _ in "500" }
        default: false
        }
    }
}
