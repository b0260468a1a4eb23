import DetectionPipeline
import Glibc

/// A buffered descriptor for data. A reader that went away is told from a failure.
final class OutputStream {
    enum Failure: ClassifiedError, CustomStringConvertible {
        /// The reader closed its end (`| head`): stop quietly.
        case closed
        case system(code: Int32)

        var description: String {
            switch self {
            case .closed: "the reader closed its end"
            case .system(let code): String(cString: strerror(code))
            }
        }

        /// A disk may have room again; a reader that went away does not come back.
        var failureKind: FailureKind {
            switch self {
            case .closed: .permanent
            case .system: .transient
            }
        }
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    static let bufferSize = 1 << 16

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    func close() {
        Glibc.close(descriptor)
    }

    func write(line: String) throws(Failure) {
        buffer += line.utf8
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Self.bufferSize { try flush() }
    }

    func write(text: String) throws(Failure) {
        buffer += text.utf8
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes what is in the buffer. After a failure the rest stays there, for another try.
    func flush() throws(Failure) {
        var start = 0
        defer { buffer.removeFirst(start) }
        while start < buffer.count {
            let count = buffer[start...].withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count >= 0 {
                start += count
            } else if errno != EINTR {
                throw errno == EPIPE ? .closed : .system(code: errno)
            }
        }
    }
}
