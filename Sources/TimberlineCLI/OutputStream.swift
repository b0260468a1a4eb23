import Glibc

/// A buffered descriptor for data. A reader that went away is told from a failure.
final class OutputStream {
    enum Failure: Error, CustomStringConvertible {
        /// The reader closed its end (`| head`): stop quietly.
        case closed
        case system(code: Int32)

        var description: String {
            switch self {
            case .closed: "the reader closed its end"
            case .system(let code): String(cString: strerror(code))
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

    func flush() throws(Failure) {
        var start = 0
        while start < buffer.count {
            let count = buffer[start...].withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count >= 0 {
                start += count
            } else if errno != EINTR {
                buffer.removeAll()
                throw errno == EPIPE ? .closed : .system(code: errno)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
