import Glibc
import SystemFiles

/// A file descriptor that closes itself. One owner.
struct SystemDescriptor: ~Copyable {
    let number: Int32
    private let path: String
    private let closes: Bool

    /// Opens a path for reading; `-` is standard input, which stays open.
    init(readingFrom path: String) throws(InputError) {
        self.path = path
        if path == "-" {
            number = STDIN_FILENO
            closes = false
            return
        }
        number = open(path, O_RDONLY | O_CLOEXEC)
        closes = true
        guard number >= 0 else { throw InputError(SystemError("open", path, code: errno)) }
    }

    deinit {
        if closes { close(number) }
    }

    /// Opens the standard descriptors that the caller left closed on nothing. Else the next file
    /// opened would get one of their numbers, and be read or written in their place.
    static func reserveStandardOnes() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) == -1 {
            // The lowest free number is this one.
            _ = open("/dev/null", O_RDWR)
        }
    }

    static func isTerminal(_ number: Int32) -> Bool { isatty(number) == 1 }

    enum Kind {
        case regular(size: Int64)
        case pipe, directory, other
    }

    func kind() -> Kind {
        var status = stat()
        guard fstat(number, &status) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .regular(size: Int64(status.st_size))
        case S_IFIFO, S_IFSOCK, S_IFCHR: return .pipe
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// Whether there is something to read, or the end, within the time.
    func waitReadable(milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        // An interrupted wait counts as one in which nothing came.
        return poll(&descriptor, 1, milliseconds) > 0
    }

    /// Reads some bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw InputError(SystemError("read", path, code: errno)) }
        }
    }
}
