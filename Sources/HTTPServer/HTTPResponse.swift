/// What a handler answers.
///
/// `Content-Length` and `Date` are added by the server, and the body of an answer to HEAD is left
/// out. A header field whose name or value cannot be sent (it holds a line break) is left out.
public struct HTTPResponse: Sendable, Hashable {
    /// 200 to 599.
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// Bytes of the body that GET would have, for `Content-Length` of an answer to HEAD where they are not
    /// at hand; nil where they are `body`. Without effect on other answers.
    public var headBodyLength: UInt64?

    public init(status: Int = 200, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Text, UTF-8 unless `contentType` says otherwise.
    public init(
        status: Int = 200,
        text: String,
        contentType: String = "text/plain; charset=utf-8"
    ) {
        self.init(status: status, headers: ["Content-Type": contentType], body: Array(text.utf8))
    }
}
