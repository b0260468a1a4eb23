import HTTPServer
import Telemetry

/// What an operation answers, beside its status.
struct APIAnswer {
    /// Nil for the operation's own.
    var status: Int?
    var headers = HTTPHeaders()
    var body: [UInt8]

    /// Nothing.
    static var empty: APIAnswer { APIAnswer(body: []) }

    /// An object of JSON.
    static func json(_ members: (inout JSONWriter) throws -> Void) rethrows -> APIAnswer {
        var json = JSONWriter()
        try json.object { try members(&$0) }
        return APIAnswer(headers: ["Content-Type": "application/json"], body: Array(json.text.utf8))
    }
}
