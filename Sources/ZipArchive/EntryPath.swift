/// Names of entries, which come from somebody else.
enum EntryPath {
    /// The name as a relative path without empty parts and `.`.
    ///
    /// - Throws: where it is absolute, has `..`, or is nothing.
    static func checked(_ name: String) throws(ZipError) -> String {
        guard !name.utf8.contains(0) else { throw ZipError(.unsafePath, "a name with a NUL in it") }
        guard name.utf8.first != UInt8(ascii: "/") else {
            throw ZipError(.unsafePath, "\(name): an absolute path")
        }
        let parts = name.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else {
            throw ZipError(.unsafePath, "\(name): it leads out of the directory")
        }
        guard !parts.isEmpty else { throw ZipError(.unsafePath, "'\(name)': an entry without a name") }
        return parts.joined(separator: "/")
    }

    /// Whether a symbolic link at `path` stays within the directory.
    ///
    /// `..` may stand at its beginning only, so that it goes up from a directory that is known to be no link; what
    /// comes behind goes down, by links at most that stay within themselves.
    static func staysWithin(link path: String, target: String) -> Bool {
        guard !target.isEmpty, target.utf8.first != UInt8(ascii: "/"), !target.utf8.contains(0) else {
            return false
        }
        let parts = target.split(separator: "/").filter { $0 != "." }
        let ups = parts.prefix { $0 == ".." }.count
        let depth = path.split(separator: "/").count - 1
        return ups <= depth && !parts.dropFirst(ups).contains("..")
    }
}
