import Glibc
import LocalLambdaModel

/// Log lines of functions on standard output, as they come from many threads.
enum FollowedLogs {
    /// Writes lines, each with the function's name before it. Where nobody reads, they are lost.
    static func write(_ name: FunctionName, _ lines: [UInt8]) {
        var output: [UInt8] = []
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            output += "\(name) | ".utf8
            output += line
            output.append(UInt8(ascii: "\n"))
        }
        // One call, so that lines of two functions do not mix.
        _ = Glibc.write(STDOUT_FILENO, output, output.count)
    }
}
