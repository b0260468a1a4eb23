import Glibc
import SystemFiles

/// Wakes one thread that polls.
final class WakePipe: Sendable {
    /// Readable when somebody has called `wake` since `clear`.
    let descriptor: Int32
    private let input: Int32

    init() throws(SystemError) {
        let ends = try Descriptors.pair {
            socketpair(
                AF_UNIX,
                Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
                0,
                $0
            )
        }
        (descriptor, input) = (ends.read, ends.write)
    }

    deinit {
        close(descriptor)
        close(input)
    }

    func wake() {
        // A pipe that is full wakes as well.
        _ = write(input, [0], 1)
    }

    func clear() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
