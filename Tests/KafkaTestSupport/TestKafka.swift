import Foundation
import KafkaClient
public import Testing

/// The kinds of Kafka that a test may run against.
public enum TestKafka: Sendable, Hashable, CustomTestStringConvertible {
    /// librdkafka's mock cluster, in this process.
    case mock
    /// Apache Kafka of this version, started for the tests.
    case real(String)
    /// The broker that `TIMBERLINE_TEST_KAFKA` names.
    case external(String)

    /// The real ones; with `TIMBERLINE_TEST_KAFKA`, that one too.
    public static var real: [TestKafka] {
        let address = ProcessInfo.processInfo.environment["TIMBERLINE_TEST_KAFKA"] ?? ""
        return [.real("3.9.2"), .real("4.3.1")] + (address.isEmpty ? [] : [.external(address)])
    }

    /// All, the mock first.
    public static var all: [TestKafka] { [.mock] + real }

    public var testDescription: String {
        switch self {
        case .mock: "mock cluster"
        case .real(let version): "Kafka \(version)"
        case .external(let address): "Kafka at \(address)"
        }
    }

    /// The cluster, started if need be. Where it cannot be had, the test is
    /// cancelled with the reason.
    public func open() throws -> TestCluster {
        switch self {
        case .mock:
            return TestCluster(kafka: self, mock: try MockKafkaCluster(), real: nil)
        case .real(let version):
            if let absence = RealKafka.absence {
                // The list at the end of a test run takes its reasons from such lines.
                print("➜ left out: \(testDescription): \(absence)")
                try Test.cancel("\(testDescription): \(absence)")
            }
            return TestCluster(kafka: self, mock: nil, real: try RealKafka.shared(version))
        case .external:
            return TestCluster(kafka: self, mock: nil, real: nil)
        }
    }
}
