import Glibc
import Telemetry

/// Keeps asynchronous events on disk until they have been handled, a file for each, so that a crash loses none. One
/// that was under way is tried again.
struct EventSpool: Sendable {
    let directory: String

    /// - Parameter directory: made when it is not there; its parent is.
    init(_ directory: String) {
        self.directory = directory
        mkdir(directory, 0o755)
    }

    /// - Throws: where the event is not on disk.
    func store(_ event: AsynchronousEvent) throws(SystemFailure) {
        let path = path(of: event)
        try write(event.bytes, to: path + ".new")
        guard rename(path + ".new", path) == 0 else { throw failure("rename", path) }
        // The name is to be there after a loss of power as well.
        let opened = open(directory, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw failure("open", directory) }
        defer { close(opened) }
        guard fsync(opened) == 0 else { throw failure("sync", directory) }
    }

    func remove(_ event: AsynchronousEvent) {
        unlink(path(of: event))
    }

    /// What an earlier run has left, the oldest first. A file that is damaged stays where it is, and is told of.
    ///
    /// - Parameter now: milliseconds since 1970.
    func load(at now: Int64, _ logger: Logger) -> [AsynchronousEvent] {
        var events: [AsynchronousEvent] = []
        for name in directoryEntries(directory) where name.hasSuffix(Self.suffix) {
            do {
                events.append(try AsynchronousEvent(try read("\(directory)/\(name)"), name: name, at: now))
            } catch {
                logger.warning(
                    "asynchronous_event_damaged",
                    "an asynchronous event of an earlier run cannot be read: \(error)",
                    ["path": .string("\(directory)/\(name)")]
                )
            }
        }
        return events.sorted { $0.takenAt < $1.takenAt }
    }

    private static let suffix = ".event"

    private func path(of event: AsynchronousEvent) -> String {
        "\(directory)/\(event.requestID)\(Self.suffix)"
    }

    private func write(_ bytes: [UInt8], to path: String) throws(SystemFailure) {
        let opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw failure("open", path) }
        defer { close(opened) }
        var place = 0
        while place < bytes.count {
            let count = bytes[place...].withUnsafeBytes { Glibc.write(opened, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw failure("write", path) }
            place += max(0, count)
        }
        guard fsync(opened) == 0 else { throw failure("sync", path) }
    }

    private func read(_ path: String) throws(SystemFailure) -> [UInt8] {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw failure("open", path) }
        defer { close(opened) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(opened, &buffer, buffer.count)
            guard count >= 0 else { throw failure("read", path) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    private func failure(_ verb: String, _ path: String) -> SystemFailure {
        SystemFailure(code: errno, doing: "\(verb) \(path)")
    }
}
