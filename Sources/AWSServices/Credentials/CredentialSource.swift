/// One of the places that credentials may come from.
protocol CredentialSource: Sendable {
    /// For messages: `environment`.
    var name: String { get }

    /// Reads or fetches the credentials, anew each time.
    ///
    /// - Returns: nil where this place is not set up.
    /// - Throws: where it is set up, and gives none.
    func load() throws(AWSError) -> AWSCredentials?
}
