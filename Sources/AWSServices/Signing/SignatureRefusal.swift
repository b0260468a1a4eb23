/// Why a request's signature is not accepted, in the words of AWS.
public struct SignatureRefusal: Error, Sendable, Hashable {
    public let status: Int
    /// `SignatureDoesNotMatch`
    public let code: String
    public let message: String

    init(status: Int = 403, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}
