/// The code of one version of a function, unpacked.
public struct FunctionCode: Sendable, Hashable {
    /// Of the zip, in base64, as `CodeSha256` shows it.
    public var sha256: String
    /// Bytes of the zip.
    public var byteCount: Int
    /// Where the zip lies unpacked: the function's `LAMBDA_TASK_ROOT`. Never changed once it is there; other code
    /// gets another directory.
    public var directory: String

    public init(sha256: String, byteCount: Int, directory: String) {
        self.sha256 = sha256
        self.byteCount = byteCount
        self.directory = directory
    }
}
