import Glibc
import SystemFiles

enum FileTree {
    /// Removes a file, a link, or a directory with all that is in it, as far as it can. Follows no link.
    static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in (try? FileSystem.names(in: path)) ?? [] { remove("\(path)/\(name)") }
        rmdir(path)
    }
}
