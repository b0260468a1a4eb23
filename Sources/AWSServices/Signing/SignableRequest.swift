public import HTTPClient

/// A request in the parts that a signature covers.
public struct SignableRequest: Sendable, Hashable {
    /// A parameter of the query, not encoded.
    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// Both parts encoded, as on the wire and in what is signed.
        var encoded: String { "\(PercentEncoding.encoded(name))=\(PercentEncoding.encoded(value))" }
    }

    /// `GET`
    public var method: String
    public var endpoint: Endpoint
    /// As on the wire: it begins with a slash, and is percent-encoded.
    public var path: String
    public var query: [Parameter]
    /// Without `Host`, which is the endpoint's.
    public var fields: [HTTPClient.Field]
    /// Nil for a request without a body.
    public var body: [UInt8]?

    public init(
        _ method: String,
        _ endpoint: Endpoint,
        path: String = "/",
        query: [Parameter] = [],
        fields: [HTTPClient.Field] = [],
        body: [UInt8]? = nil
    ) {
        self.method = method
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
    }

    public var url: String {
        let parameters = query.map(\.encoded).joined(separator: "&")
        return "\(endpoint)\(path)" + (parameters.isEmpty ? "" : "?\(parameters)")
    }

    func http(timeout: Duration?) -> HTTPClient.Request {
        HTTPClient.Request(method, url, fields: fields, body: body, timeout: timeout)
    }

    /// Takes away a field, if there is one, and adds it with this value.
    mutating func set(_ name: String, _ value: String) {
        fields.removeAll { $0.name.lowercased() == name.lowercased() }
        fields.append(HTTPClient.Field(name, value))
    }
}
