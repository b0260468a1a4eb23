#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writes each line to standard error by one `write` call, so that lines of
/// several threads do not mix (POSIX: a pipe takes up to 4,096 bytes at once).
public struct StandardErrorSink: LogSink {
    public init() {}

    public func write(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = writeOnce(rest)
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if errno != EINTR {
                    return  // a log line has nowhere to report its own failure
                }
            }
        }
    }

    private func writeOnce(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        let whole = UnsafeRawBufferPointer(rebasing: bytes)
        return systemWrite(STDERR_FILENO, whole.baseAddress, whole.count)
    }
}

private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, start, count)
}
