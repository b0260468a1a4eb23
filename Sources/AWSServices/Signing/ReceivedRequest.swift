public import HTTPClient

/// A request as it came over the wire, for ``SignatureVerifier``.
public struct ReceivedRequest: Sendable, Hashable {
    public var method: String
    /// Path and query as sent.
    public var target: String
    /// In their order, with `Host`.
    public var fields: [HTTPClient.Field]
    public var body: [UInt8]

    public init(method: String, target: String, fields: [HTTPClient.Field], body: [UInt8]) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }

    /// Every value of a field, in order.
    func values(of name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name }.map(\.value)
    }
}
