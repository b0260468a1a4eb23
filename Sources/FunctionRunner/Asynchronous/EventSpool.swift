import Glibc
import SystemFiles
import Telemetry

/// Keeps asynchronous events on disk until they have been handled, a file for each, so that a crash loses none. One
/// that was under way is tried again.
struct EventSpool: Sendable {
    let directory: String

    /// - Parameter directory: made when it is not there; its parent is.
    init(_ directory: String) {
        self.directory = directory
        // Where it cannot be made, storing an event says why.
        try? FileSystem.makeDirectory(directory)
    }

    /// - Throws: where the event is not on disk.
    func store(_ event: AsynchronousEvent) throws(SystemError) {
        let path = path(of: event)
        try FileSystem.replace(path, with: event.bytes, by: path + ".new", mode: 0o600)
        // The name is to be there after a loss of power as well.
        try FileSystem.synchronize(directory: directory)
    }

    func remove(_ event: AsynchronousEvent) {
        unlink(path(of: event))
    }

    /// What an earlier run has left, the oldest first. A file that is damaged stays where it is, and is told of.
    ///
    /// - Parameter now: milliseconds since 1970.
    func load(at now: Int64, _ logger: Logger) -> [AsynchronousEvent] {
        var events: [AsynchronousEvent] = []
        for name in (try? FileSystem.names(in: directory)) ?? [] where name.hasSuffix(Self.suffix) {
            do {
                events.append(
                    try AsynchronousEvent(
                        try FileSystem.bytes(of: "\(directory)/\(name)"),
                        name: name,
                        at: now
                    )
                )
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
}
