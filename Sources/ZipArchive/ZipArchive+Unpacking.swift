import Glibc
import SystemFiles

extension ZipArchive {
    /// Writes all entries into a directory, which must be there, be empty, and be nobody else's meanwhile.
    ///
    /// Links come last, so that nothing is written through one. After an error the directory holds what came before.
    public func unpack(into directory: String) throws {
        for entry in entries where entry.kind == .directory { try makeDirectories(entry.path, in: directory) }
        for entry in entries where entry.kind == .file {
            try makeParents(of: entry, in: directory)
            try writeFile(entry, "\(directory)/\(entry.path)")
        }
        for entry in entries where entry.kind == .symbolicLink {
            try makeParents(of: entry, in: directory)
            try makeLink(entry, "\(directory)/\(entry.path)")
        }
        // Last, as a directory may be one that nobody may write.
        for entry in entries where entry.kind == .directory {
            try check(chmod("\(directory)/\(entry.path)", entry.mode), entry.path)
        }
    }

    private func makeParents(of entry: ZipEntry, in directory: String) throws(ZipError) {
        guard let slash = entry.path.lastIndex(of: "/") else { return }
        try makeDirectories(String(entry.path[..<slash]), in: directory)
    }

    private func makeDirectories(_ path: String, in directory: String) throws(ZipError) {
        var place = directory
        for part in path.split(separator: "/") {
            place += "/\(part)"
            // Not through a link, and not in place of a file.
            var status = stat()
            if lstat(place, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFDIR else {
                    throw ZipError(.unsafePath, "\(path): a part of it is no directory")
                }
            } else {
                try check(mkdir(place, 0o755), path)
            }
        }
    }

    private func writeFile(_ entry: ZipEntry, _ place: String) throws {
        do {
            let file = try FileDescriptor(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            try read(entry) { try file.writeAll($0) }
            try check(fchmod(file.number, entry.mode), entry.path)
        } catch let error as SystemError {
            throw ZipError(entry.path, error)
        }
    }

    private func makeLink(_ entry: ZipEntry, _ place: String) throws {
        guard entry.byteCount < Int(PATH_MAX) else {
            throw ZipError(.unsafePath, "\(entry.path): a link too long")
        }
        var bytes: [UInt8] = []
        try read(entry) { bytes += $0 }
        let target = String(decoding: bytes, as: UTF8.self)
        guard EntryPath.staysWithin(link: entry.path, target: target) else {
            throw ZipError(.unsafePath, "\(entry.path): a link that leads out of the directory")
        }
        try check(symlink(target, place), entry.path)
    }

    private func check(_ status: Int32, _ path: String) throws(ZipError) {
        guard status < 0 else { return }
        throw ZipError(path, SystemError("write", path, code: errno))
    }
}

extension ZipError {
    /// - Parameter path: of the entry that could not be written.
    fileprivate init(_ path: String, _ error: SystemError) {
        self.init(error.code == EEXIST ? .unsafePath : .cannotWrite, "\(path): \(error.reason)")
    }
}
