public import LocalLambdaModel
import SystemFiles
import Telemetry

/// Where the functions' logs are, a file for each function.
public final class LogsDirectory: Sendable {
    /// Bounds of the logs, and who reads along.
    public struct Settings: Sendable {
        /// Bytes of a file at most, but for the lines that came at once.
        public var fileByteLimit = 10 << 20
        /// Full files kept of each function beside the present one; at least 1.
        public var olderFiles = 2
        /// Is given every line of every function, in order for each, on the thread that read it: it must not wait long.
        public var follow: (@Sendable (FunctionName, _ lines: [UInt8]) -> Void)?

        public init() {}
    }

    private let path: String
    private let settings: Settings
    private let logger: Logger
    private let logs = Locked<[FunctionName: FunctionLog]>([:])

    /// - Parameter path: made when it is not there; its parent is.
    init(_ path: String, _ settings: Settings, logger: Logger) {
        self.path = path
        self.settings = settings
        self.logger = logger
        // Where it cannot be made, each log says so.
        try? FileSystem.makeDirectory(path)
    }

    func log(of name: FunctionName) -> FunctionLog {
        logs.withLock { logs in
            if let log = logs[name] { return log }
            let log = FunctionLog(name, in: path, settings, logger: logger)
            logs[name] = log
            return log
        }
    }
}
