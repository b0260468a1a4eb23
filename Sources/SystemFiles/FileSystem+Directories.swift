#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension FileSystem {
    /// The names in a directory, in no order, without `.` and `..`.
    public static func names(in directory: String) throws(SystemError) -> [String] {
        guard let stream = opendir(directory) else { throw SystemError("open", directory, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                // The system ends it with a zero within the entry.
                name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw SystemError("list", directory, code: errno) }
        return names
    }

    /// Makes a directory whose parent is there. What has the name already stays as it is.
    public static func makeDirectory(_ path: String) throws(SystemError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw SystemError("make", path, code: errno)
        }
    }

    /// Makes a directory, and those above it that are not there.
    public static func makeDirectories(_ path: String) throws(SystemError) {
        for index in path.indices.dropFirst() where path[index] == "/" {
            // A parent may be one that nobody may make, and be there.
            mkdir(String(path[..<index]), 0o755)
        }
        try makeDirectory(path)
    }

    /// Returns when the names in a directory are on the disk.
    public static func synchronize(directory: String) throws(SystemError) {
        try FileDescriptor(directory, O_RDONLY | O_DIRECTORY).synchronize()
    }
}
