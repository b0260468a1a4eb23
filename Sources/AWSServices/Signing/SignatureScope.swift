/// What a signature says of its request.
public struct SignatureScope: Sendable, Hashable {
    public let accessKeyID: String
    public let region: String
    /// `lambda`
    public let service: String
    let date: String

    /// Reads `KEY/DATE/REGION/SERVICE/aws4_request`; nil where the text is something else.
    public init?(_ credential: String) {
        let parts = credential.split(separator: "/").map(String.init)
        guard parts.count == 5, parts[4] == "aws4_request" else { return nil }
        accessKeyID = parts[0]
        date = parts[1]
        region = parts[2]
        service = parts[3]
    }

    /// Reads the scope of an `Authorization` field, and checks nothing else of it.
    public init?(authorization: String) {
        guard let credential = SignatureFields(authorization)?.credential else { return nil }
        self.init(credential)
    }

    /// The parts that a signing key is made of, in order.
    var parts: [String] { [date, region, service, "aws4_request"] }
}

/// The parts of an `Authorization` field of Signature Version 4.
struct SignatureFields {
    let credential: String
    let signedNames: String
    let signature: String

    init?(_ authorization: String) {
        let prefix = RequestSigner.algorithm + " "
        guard authorization.hasPrefix(prefix) else { return nil }
        var parts: [Substring: String] = [:]
        for part in authorization.dropFirst(prefix.count).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parts[pair[0]] = String(pair[1]) }
        }
        guard let credential = parts["Credential"], let names = parts["SignedHeaders"],
            let signature = parts["Signature"]
        else { return nil }
        self.credential = credential
        signedNames = names
        self.signature = signature
    }
}
