extension HTTPClient {
    /// A header field.
    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public struct Request: Sendable, Hashable {
        public var method: String
        /// With scheme, `http` or `https`.
        public var url: String
        public var fields: [Field]
        /// Nil for a request without a body.
        public var body: [UInt8]?
        /// Nil for the client's.
        public var timeout: Duration?

        public init(
            _ method: String,
            _ url: String,
            fields: [Field] = [],
            body: [UInt8]? = nil,
            timeout: Duration? = nil
        ) {
            self.method = method
            self.url = url
            self.fields = fields
            self.body = body
            self.timeout = timeout
        }
    }

    public struct Response: Sendable, Hashable {
        public var status: Int
        public var fields: [Field]
        public var body: [UInt8]

        public init(status: Int, fields: [Field] = [], body: [UInt8] = []) {
            self.status = status
            self.fields = fields
            self.body = body
        }

        /// The first value of a field, whose name is compared without regard to letter case. O(n).
        public subscript(name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }
}

extension HTTPClient.Request {
    /// Refuses what would be another request than it says.
    func check() throws(HTTPClientError) {
        let texts = [method, url] + fields.flatMap { [$0.name, $0.value] }
        let isSplit = texts.contains { $0.utf8.contains { $0 == 0 || $0 == 10 || $0 == 13 } }
        guard !isSplit, !fields.contains(where: { $0.name.isEmpty || $0.name.contains(":") }) else {
            throw HTTPClientError(.invalidRequest, "\(place): a line break in it, or a field without a name")
        }
    }

    /// For messages: without what may be secret.
    var place: String { "\(method) \(HTTPClientError.shown(url))" }
}
