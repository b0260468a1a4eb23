extension FunctionRunner {
    /// How functions are run, and the bounds that hold for all of them.
    public struct Settings: Sendable {
        /// What functions sign their calls of services with.
        public struct Credentials: Sendable {
            public var accessKeyID = "test"
            public var secretAccessKey = "test"
            public var sessionToken: String?

            public init() {}
        }

        /// Where the functions' logs are, a file for each.
        public var logsDirectory: String
        public var logs = LogsDirectory.Settings()
        /// Where asynchronous events are kept until they have been handled; nil keeps them in memory only.
        public var eventsDirectory: String?
        /// What `AWS_ENDPOINT_URL` says to functions.
        public var endpointURL: String?
        public var credentials = Credentials()
        /// Runs `python3.*` functions; has AWS's runtime client (PyPI `awslambdaric`).
        public var pythonInterpreter: String?
        /// A program that begins with `EnvironmentSupervisor.runIfAsked`; this process's own unless given.
        public var supervisorCommand = "/proc/self/exe"
        /// Invocations at once at most, of all functions.
        public var concurrencyLimit = 100
        /// How long an environment waits for another invocation.
        public var idleLimit: Duration = .seconds(300)
        /// Asynchronous events at most, each of a mebibyte at most.
        public var asynchronousLimit = 1_000
        /// After each failure of an asynchronous event, how long until it is tried again; one time more than there are delays.
        public var asynchronousRetryDelays: [Duration] = [.seconds(60), .seconds(120)]
        var limits = EnvironmentLimits()

        public init(logsDirectory: String) {
            self.logsDirectory = logsDirectory
        }
    }
}
