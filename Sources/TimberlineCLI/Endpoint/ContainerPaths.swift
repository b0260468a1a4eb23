import CommandLineArguments
import TypedValues

/// Where SageMaker puts what a container reads, and takes what it leaves.
struct ContainerPaths {
    static let root = Option(
        "container-root",
        .directory,
        help: "What stands for /opt/ml of SageMaker's containers; TIMBERLINE_CONTAINER_ROOT if not given."
    )

    /// `/opt/ml`
    let root: String

    init(_ invocation: Invocation, _ host: Host) {
        root = invocation[Self.root] ?? host.environment["TIMBERLINE_CONTAINER_ROOT"] ?? "/opt/ml"
    }

    var modelDirectory: String { root + "/model" }
    var modelFile: String { modelDirectory + "/model.timberline" }
    var configuration: String { root + "/input/config" }
    var failureFile: String { root + "/output/failure" }

    func channel(_ name: String) -> String { root + "/input/data/" + name }
}
