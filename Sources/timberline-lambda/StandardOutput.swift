import Glibc

/// Standard output, a whole line by each call and nothing in a buffer: the environment may be frozen right after.
enum StandardOutput {
    static func write(line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                return  // what is only told has nowhere to report its own failure
            }
        }
    }
}
