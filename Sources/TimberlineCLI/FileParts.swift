import Glibc
import SystemFiles

/// A file as retention sees it.
struct RetainedFile: Equatable {
    var path: String
    var bytes: Int
    var modifiedMilliseconds: Int64

    /// Nil where there is no regular file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.path = path
        bytes = Int(status.st_size)
        modifiedMilliseconds =
            Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }
}

/// The numbered parts of a file: `FILE.1`, `FILE.2`, … beside it.
struct FileParts {
    private let path: String
    private let numbers: [Int]

    init(of path: String) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let prefix = (slash.map { path[path.index(after: $0)...] } ?? path[...]) + "."
        let names = (try? FileSystem.names(in: directory)) ?? []
        numbers = names.compactMap { name in
            guard name.hasPrefix(prefix) else { return nil }
            let digits = name.dropFirst(prefix.count)
            return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
        }.sorted()
    }

    /// Those that are there, oldest first.
    var files: [RetainedFile] { numbers.compactMap { RetainedFile(path: "\(path).\($0)") } }

    /// Where the next part goes.
    var nextPath: String { "\(path).\((numbers.last ?? 0) + 1)" }
}
