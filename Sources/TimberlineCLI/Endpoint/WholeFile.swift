import Glibc
import SystemFiles

/// Small inputs, read whole.
enum WholeFile {
    /// - Parameter limit: the most bytes to take.
    static func read(_ path: String, limit: Int) throws(InputError) -> [UInt8] {
        do throws(SystemError) {
            return try FileSystem.bytes(of: path, limit: limit)
        } catch {
            switch error.code {
            case _ where error.isTooLarge:
                throw InputError(path: path, reason: "has more than \(limit) bytes")
            case EISDIR: throw InputError(path: path, reason: "is a directory")
            default: throw InputError(error)
            }
        }
    }
}
