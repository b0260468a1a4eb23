import Foundation

/// Held while a program is started. Until its `exec`, a new process holds
/// copies of all open files and sockets of this one, and some things must not
/// happen meanwhile.
enum Spawning {
    static let lock = NSLock()
}
