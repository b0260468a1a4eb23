import Glibc

/// What the system refused.
struct SystemFailure: Error, Hashable, CustomStringConvertible {
    /// An error number of the system's.
    var code: Int32
    /// What was to be done.
    var doing: String

    var description: String { "\(doing): \(String(cString: strerror(code)))" }
}
