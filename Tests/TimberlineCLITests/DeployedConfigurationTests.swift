import Configuration
import Foundation
import HTTPServer
import Testing

@testable import TimberlineCLI

/// The configurations in deploy/ are ones that `timberline run` takes.
@Suite struct DeployedConfigurationTests {
    private func read(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private func resolve(_ yaml: String) throws -> EffectiveConfiguration {
        let configuration = try RunSchema.schema.resolve(file: ConfigurationFile(name: "t.yaml", text: yaml))
        try RunSchema.check(configuration)
        return configuration
    }

    @Test("systemd: stops later than the drain may take, serves where the page looks")
    func systemd() throws {
        let configuration = try resolve(read("deploy/systemd/timberline.yaml"))
        let unit = try read("deploy/systemd/timberline.service")
        let limit = try #require(unit.firstMatch(of: /\nTimeoutStopSec=(\d+)\n/).flatMap { Int($0.1) })
        #expect(configuration[RunSchema.drainTimeout] < .seconds(limit))
        let address = try #require(configuration[RunSchema.operations])
        #expect(try read("deploy/systemd/README.md").contains("localhost:\(address.port)/readyz"))
    }

    @Test(
        "Kubernetes: forward's ConfigMap is valid, its port is the probes', its drain ends before the pod does"
    )
    func kubernetesForward() throws {
        let manifest = try read("deploy/kubernetes/forward.yaml")
        let yaml = try configMap(of: manifest)
        let configuration = try ForwardSchema.schema.resolve(
            file: ConfigurationFile(name: "t.yaml", text: yaml)
        )
        try ForwardSchema.check(configuration)
        let address = try #require(configuration[RunSchema.operations])
        #expect(manifest.contains("{name: operations, containerPort: \(address.port)}"))
        let grace = try #require(
            manifest.firstMatch(of: /terminationGracePeriodSeconds: (\d+)/).flatMap { Int($0.1) }
        )
        #expect(configuration[RunSchema.drainTimeout] < .seconds(grace))
    }

    /// The configuration in a manifest.
    private func configMap(of manifest: String) throws -> String {
        let start = try #require(manifest.range(of: "  timberline.yaml: |\n"))
        let end = try #require(manifest.range(of: "---\n", range: start.upperBound..<manifest.endIndex))
        return manifest[start.upperBound..<end.lowerBound].split(separator: "\n").map { $0.dropFirst(4) }
            .joined(separator: "\n")
    }

    @Test("Kubernetes: the ConfigMap is valid, its port is the probes', its drain ends before the pod does")
    func kubernetes() throws {
        let manifest = try read("deploy/kubernetes/run.yaml")
        let configuration = try resolve(configMap(of: manifest))
        let address = try #require(configuration[RunSchema.operations])
        #expect(address.host == "0.0.0.0")
        // Several instances share their models through a topic alone.
        guard case .topic = configuration[RunSchema.checkpointPlace] else {
            Issue.record("the pods do not share their checkpoints")
            return
        }
        #expect(manifest.contains("{name: operations, containerPort: \(address.port)}"))
        let grace = try #require(
            manifest.firstMatch(of: /terminationGracePeriodSeconds: (\d+)/).flatMap { Int($0.1) }
        )
        #expect(configuration[RunSchema.drainTimeout] < .seconds(grace))
    }
}
