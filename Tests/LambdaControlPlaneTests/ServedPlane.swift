import HTTPServer
import LambdaControlPlane
import LocalGateway
import Telemetry

/// A control plane behind a port, as `timberline local` has it.
final class ServedPlane {
    let plane: TestPlane
    private let server: HTTPServer

    init() throws {
        let plane = try TestPlane(clusters: ["demo", "my-cluster"])
        self.plane = plane
        let served = plane.plane
        let gateway = LocalGateway(
            LocalGateway.Handlers(
                lambda: { served.answer($0) },
                isLambda: { LambdaControlPlane.hasOperation($0, $1) },
                isUnsigned: { LambdaControlPlane.isCodeDownload($0) },
                endpoints: { _ in HTTPResponse(status: 400, text: "no endpoints here\n") }
            ),
            services: [:],
            keys: [],
            logger: .silent
        )
        var settings = HTTPServer.Settings()
        settings.hasThreadPerConnection = true
        settings.bodyLimit = LocalGateway.bodyLimit
        server = try HTTPServer(settings) { gateway.answer($0) }
    }

    deinit { server.stop(within: .zero) }

    var url: String { "http://\(server.address)" }
}
