import Glibc
import LocalLambdaModel
import Telemetry

/// The log of one function: a file, and older ones, of bounded size.
///
/// `NAME.log` is the newest; when it is full it becomes `NAME.log.1`, that one `NAME.log.2`, and so on. Safe on any
/// thread.
final class FunctionLog: Sendable {
    private struct File {
        var descriptor: Int32 = -1
        var byteCount = 0
        /// Whether the last attempt to write has failed, which is told once.
        var hasFailed = false
    }

    private let name: FunctionName
    private let path: String
    private let settings: LogsDirectory.Settings
    private let logger: Logger
    private let file = Locked(File())

    init(_ name: FunctionName, in directory: String, _ settings: LogsDirectory.Settings, logger: Logger) {
        self.name = name
        path = "\(directory)/\(name).log"
        self.settings = settings
        self.logger = logger
    }

    deinit {
        file.withLock { file in if file.descriptor >= 0 { close(file.descriptor) } }
    }

    /// Whole lines. Where they cannot be written they are lost, and the function goes on.
    func append(_ lines: [UInt8]) {
        guard !lines.isEmpty else { return }
        settings.follow?(name, lines)
        let failure: String? = file.withLock { file in
            if file.descriptor >= 0, file.byteCount + lines.count > settings.fileByteLimit {
                close(file.descriptor)
                file.descriptor = -1
                rotate()
            }
            if file.descriptor < 0 {
                file.descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
                file.byteCount = max(0, Int(lseek(file.descriptor, 0, SEEK_END)))
            }
            let isWritten = file.descriptor >= 0 && write(lines, to: file.descriptor)
            file.byteCount += lines.count
            defer { file.hasFailed = !isWritten }
            return isWritten || file.hasFailed ? nil : String(cString: strerror(errno))
        }
        if let failure {
            logger.warning(
                "function_log_failed",
                "lines of a function's log are lost: \(failure)",
                ["function": .string(name.text), "path": .string(path)]
            )
        }
    }

    private func rotate() {
        for index in (1...settings.olderFiles).reversed() {
            rename(index == 1 ? path : "\(path).\(index - 1)", "\(path).\(index)")
        }
    }

    private func write(_ lines: [UInt8], to descriptor: Int32) -> Bool {
        lines.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, start, rest.count)
                if count < 0, errno != EINTR { return false }
                rest = rest.dropFirst(max(0, count))
            }
            return true
        }
    }
}
