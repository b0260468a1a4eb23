import Glibc
import LambdaFunction

/// In builds for tests, `TIMBERLINE_TEST_STOP` names a step, such as `score` or `sink:dynamodb`, behind which the process
/// is killed; with `TIMBERLINE_TEST_STOP_FILE` only where this file is there, which it removes.
enum StopVariable {
    static func stop(_ variables: [String: String]) -> (StopPoint) throws -> Void {
        #if TIMBERLINE_STOP_POINTS
        if let name = variables["TIMBERLINE_TEST_STOP"] {
            let file = variables["TIMBERLINE_TEST_STOP_FILE"]
            return { point in
                guard point.description == name else { return }
                if let file, unlink(file) != 0 { return }
                kill(getpid(), SIGKILL)
            }
        }
        #endif
        return { _ in }
    }
}
