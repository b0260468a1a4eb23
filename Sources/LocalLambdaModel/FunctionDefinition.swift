/// What is needed to run a function: a version of it, and what holds for all of its versions.
public struct FunctionDefinition: Sendable, Hashable {
    public var configuration: FunctionConfiguration
    /// Invocations at once at most, of all versions together; 0 stops the function, nil leaves it to the account's limit.
    public var reservedConcurrency: Int?
    /// The ARN as the invoker named it, with the alias if there was one.
    public var invokedARN: String

    public init(configuration: FunctionConfiguration, reservedConcurrency: Int?, invokedARN: String) {
        self.configuration = configuration
        self.reservedConcurrency = reservedConcurrency
        self.invokedARN = invokedARN
    }
}

/// Where the runner looks up functions, at each invocation: changes hold from the next one on.
public protocol FunctionCatalog: Sendable {
    /// Nil where there is no such function, version or alias. Safe on any thread, and quick.
    func definition(of function: FunctionReference) -> FunctionDefinition?
}
