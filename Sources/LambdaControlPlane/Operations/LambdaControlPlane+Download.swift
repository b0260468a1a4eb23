import HTTPServer

extension LambdaControlPlane {
    /// Where code is downloaded from, followed by the digest of a zip. Like AWS's addresses for it, it needs no signature:
    /// who has it was given it.
    static let downloadPath = "/_timberline/code/"

    /// The zip of a version, or a refusal; nil for a request of something else.
    func codeDownload(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.path.hasPrefix(Self.downloadPath) else { return nil }
        guard request.method == "GET",
            let zip = state.code.zip(named: String(request.path.dropFirst(Self.downloadPath.count)))
        else { return HTTPResponse(status: 404, text: "no such code\n") }
        return HTTPResponse(headers: ["Content-Type": "application/zip"], body: zip)
    }

    /// Whether a request is for code, which needs no signature.
    public static func isCodeDownload(_ path: String) -> Bool { path.hasPrefix(downloadPath) }
}
