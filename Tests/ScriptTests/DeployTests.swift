import Foundation
import Testing

/// scripts/check-deploy finds what it looks for: each fault is planted in a copy of deploy/.
@Suite(.serialized) struct DeployTests {
    private static let hasSystemd = (try? Script.run("-c", ["command -v systemd-analyze"]).status) == 0
    /// Installed by the script itself, as `make check` does.
    private static let hasValidator = FileManager.default.isExecutableFile(
        atPath: Script.root.appending(path: ".build/kubernetes-validate/bin/kubernetes-validate").path
    )

    private static let hasLinters = FileManager.default.fileExists(
        atPath: Script.root.appending(path: ".build/deploy-peers/installed").path
    )
    private static let hasTerraform = (try? Script.run("-c", ["command -v terraform"]).status) == 0

    /// - Parameter file: its folder says which of the checks is to find the fault.
    private func check(_ file: String, replacing old: String, with new: String) throws
        -> (status: Int32, output: String)
    {
        var result: (status: Int32, output: String) = (0, "")
        try Script.withDirectory { directory in
            let copy = directory.appending(path: "deploy")
            try FileManager.default.copyItem(at: Script.root.appending(path: "deploy"), to: copy)
            let target = copy.appending(path: file)
            let text = try String(contentsOf: target, encoding: .utf8)
            #expect(text.contains(old))
            try Script.write(text.replacing(old, with: new), to: target)
            let part = String(file.prefix { $0 != "/" })
            result = try Script.run("scripts/check-deploy", [copy.path, part])
        }
        return result
    }

    @Test(
        "a unit with an unknown key, or that is too exposed, is an error",
        .enabled(if: hasSystemd, "systemd is not installed"),
        arguments: [
            ("ProtectSystem=strict", "ProtectSystm=strict", "Unknown key"),
            ("CapabilityBoundingSet=\n", "", "exposure level"),
            ("ExecStart=/usr/local/bin/timberline", "ExecStart=/usr/local/bin/timberlin", "not executable"),
        ]
    )
    func units(old: String, new: String, message: String) throws {
        let result = try check("systemd/timberline.service", replacing: old, with: new)
        #expect(result.status == 1)
        #expect(result.output.contains(message), "\(result.output)")
    }

    @Test(
        "a manifest with an unknown field, or a value of the wrong type, is an error",
        .enabled(if: hasValidator, "kubernetes-validate is not installed (make check does it)"),
        arguments: [
            ("terminationGracePeriodSeconds", "terminationGracePeriod", "was unexpected"),
            ("replicas: 2", "replicas: two", "is not of type 'integer'"),
        ]
    )
    func manifests(old: String, new: String, message: String) throws {
        let result = try check("kubernetes/run.yaml", replacing: old, with: new)
        #expect(result.status == 1)
        #expect(result.output.contains(message), "\(result.output)")
    }

    @Test(
        "a template with a property that there is not, or a value of the wrong type, is an error",
        .enabled(if: hasLinters, "cfn-lint and sam are not installed (make check does it)"),
        arguments: [
            ("Timeout: 30", "Timeout: thirty", "is not of type 'integer'"),
            ("BatchSize: 100", "BatchSise: 100", "BatchSise"),
        ]
    )
    func template(old: String, new: String, message: String) throws {
        let result = try check("sam/template.yaml", replacing: old, with: new)
        #expect(result.status == 1)
        #expect(result.output.contains(message), "\(result.output)")
    }

    @Test(
        "Terraform's files that terraform would write otherwise are an error",
        .enabled(if: hasTerraform, "terraform is not installed")
    )
    func terraform() throws {
        let result = try check(
            "terraform/versions.tf",
            replacing: "  required_version",
            with: "required_version"
        )
        #expect(result.status == 1 && result.output.contains("terraform fmt"), "\(result.output)")
    }

    @Test("an image that is built without a package that the build needs is an error")
    func docker() throws {
        let result = try check("docker/Dockerfile", replacing: " libpcre2-dev", with: "")
        #expect(
            result.status == 1 && result.output.contains("does not install libpcre2-dev"),
            "\(result.output)"
        )
    }

    @Test(
        "what is in deploy is sound",
        .enabled(if: hasValidator, "kubernetes-validate is not installed (make check does it)"),
        .enabled(if: hasLinters, "cfn-lint and sam are not installed (make check does it)")
    )
    func sound() throws {
        let result = try Script.run("scripts/check-deploy")
        #expect(result.status == 0, "\(result.output)")
    }
}
