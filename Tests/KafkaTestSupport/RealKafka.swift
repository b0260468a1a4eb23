import Foundation
public import KafkaClient

/// Apache Kafka itself on loopback, by the script that lies beside the
/// repository (`../shared/kafka/kafka`).
///
/// A small guard process starts the brokers and kills them when this process
/// ends, however it ends: it waits for the end of a pipe that this process
/// alone holds open.
public final class RealKafka: Sendable {
    public let version: String
    public let description: ClusterFile
    private let guardian: Guardian

    /// What the script says of a cluster (`cluster.json`).
    public struct ClusterFile: Decodable, Sendable {
        public let bootstrap: String
        public let mutualTLS: String?
        public let login: String?
        public let tls: String?
        public let users: [String: String]?

        private enum CodingKeys: String, CodingKey {
            case bootstrap
            case mutualTLS = "bootstrap_mtls"
            case login = "bootstrap_sasl"
            case tls
            case users
        }
    }

    /// Why there is none, or nil.
    public static var absence: String? {
        if !FileManager.default.isExecutableFile(atPath: script.path) {
            return "../shared/kafka is not there (or set TIMBERLINE_TEST_KAFKA)"
        }
        if !Command.exists("java") { return "java is not installed (Debian: openjdk-17-jre-headless)" }
        if !Command.exists("python3") { return "python3 is not installed" }
        return nil
    }

    /// The cluster of this version that all tests of this process share: one
    /// broker with its secure listeners, started at first use.
    public static func shared(_ version: String) throws -> RealKafka {
        try SharedClusters.instance.cluster(version)
    }

    /// A cluster of one's own, ended with this object at the latest.
    ///
    /// - Parameter environment: added to this process's, for the brokers.
    public init(
        version: String,
        brokers: Int = 1,
        secure: Bool = false,
        properties: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        self.version = version
        var arguments = ["--version", version, "--brokers", "\(brokers)"]
        if secure { arguments.append("--secure") }
        for property in properties { arguments += ["--property", property] }
        guardian = try Guardian(script: Self.script, arguments: arguments, environment: environment)
        try guardian.waitUntilReady()
        let file = guardian.directory.appendingPathComponent("cluster.json")
        description = try JSONDecoder().decode(ClusterFile.self, from: Data(contentsOf: file))
    }

    /// The class path of a version's jars.
    public static func classPath(_ version: String) -> String {
        script.deletingLastPathComponent().appendingPathComponent("lib/\(version)").path + "/*"
    }

    public var brokers: String { description.bootstrap }

    public var properties: KafkaProperties { KafkaProperties(brokers: brokers) }

    /// Kills a broker, or all, the way a power cut does.
    public func kill(broker: Int? = nil) throws { try script("kill", broker) }

    /// Starts again what does not run, on the same data and ports.
    public func restart(broker: Int? = nil) throws { try script("restart", broker) }

    /// Asks a broker, or all, to end, and waits.
    public func stop(broker: Int? = nil) throws { try script("stop", broker) }

    /// Runs one of Kafka's own tools, such as `delete-records`.
    public func tool(_ name: String, _ arguments: [String]) throws {
        try script("tool", [name] + arguments)
    }

    private func script(_ command: String, _ broker: Int?) throws {
        try script(command, broker.map { ["--broker", "\($0)"] } ?? [])
    }

    private func script(_ command: String, _ arguments: [String]) throws {
        let done = try Command.run(
            Self.script.path,
            [command, guardian.directory.path] + arguments,
            timeout: 120
        )
        guard done.status == 0 else { throw RealKafkaError(message: done.errors) }
    }

    static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("../shared/kafka/kafka").standardized
}

public struct RealKafkaError: Error, CustomStringConvertible {
    public let message: String
    public var description: String { message }

    public init(message: String) {
        self.message = message
    }
}
