/// Whether a function can be invoked.
public enum FunctionState: String, Sendable, Hashable {
    case pending = "Pending"
    case active = "Active"
    case inactive = "Inactive"
    case failed = "Failed"
}

/// How the last change of a function went.
public enum FunctionUpdateStatus: String, Sendable, Hashable {
    case successful = "Successful"
    case failed = "Failed"
    case inProgress = "InProgress"
}
