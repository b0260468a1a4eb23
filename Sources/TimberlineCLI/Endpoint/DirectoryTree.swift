import Glibc
import SystemFiles

/// The files of a directory.
enum DirectoryTree {
    private static let maximumDepth = 16

    /// Paths of all regular files, in the directories below too, in alphabetical order. Names that begin with a dot
    /// or an underscore are left out: by custom they are not data.
    static func files(under path: String) throws(InputError) -> [String] {
        var found: [String] = []
        try collect(path, depth: 0, into: &found)
        return found.sorted()
    }

    private static func collect(_ path: String, depth: Int, into found: inout [String]) throws(InputError) {
        guard depth < maximumDepth else { throw InputError(path: path, reason: "lies too deep") }
        let names: [String]
        do throws(SystemError) { names = try FileSystem.names(in: path) } catch { throw InputError(error) }
        for name in names {
            guard !name.hasPrefix("."), !name.hasPrefix("_") else { continue }
            let child = path + "/" + name
            var status = stat()
            guard stat(child, &status) == 0 else { throw InputError(SystemError("open", child, code: errno)) }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try collect(child, depth: depth + 1, into: &found)
            case S_IFREG: found.append(child)
            default: throw InputError(path: child, reason: "is neither a file nor a directory")
            }
        }
    }
}
