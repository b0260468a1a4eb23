import Glibc
import SystemFiles

/// Processes and what they use, as `/proc` shows them.
enum ProcessTree {
    /// All that descends from a process, without itself; parents before children. O(processes and threads).
    ///
    /// One that begins or ends meanwhile may be missing.
    static func descendants(of root: pid_t) -> [pid_t] {
        var found = children(of: root)
        var index = 0
        while index < found.count {
            found += children(of: found[index])
            index += 1
        }
        return found
    }

    private static func children(of process: pid_t) -> [pid_t] {
        let directory = "/proc/\(process)/task"
        return ((try? FileSystem.names(in: directory)) ?? []).flatMap { thread in
            text(of: "\(directory)/\(thread)/children").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Resident memory of a process.
    struct Memory: Equatable {
        /// Bytes now. Pages that processes share count in each.
        var resident = 0
        /// The most that `resident` has been since the program began.
        var peak = 0
    }

    /// Zero for a process that is not there.
    static func memory(of process: pid_t) -> Memory {
        var memory = Memory()
        for line in text(of: "/proc/\(process)/status").split(separator: "\n") {
            if line.hasPrefix("VmRSS:") { memory.resident = kibibytes(line) }
            if line.hasPrefix("VmHWM:") { memory.peak = kibibytes(line) }
        }
        return memory
    }

    /// Bytes of memory where a page that n processes share counts an n-th in each. Slow where there is much.
    static func proportionalMemory(of process: pid_t) -> Int {
        text(of: "/proc/\(process)/smaps_rollup").split(separator: "\n")
            .first { $0.hasPrefix("Pss:") }.map(kibibytes) ?? 0
    }

    /// `VmRSS:      1234 kB`, in bytes.
    private static func kibibytes(_ line: Substring) -> Int {
        let digits = line.drop { !$0.isNumber }.prefix { $0.isNumber }
        return (Int(digits) ?? 0) << 10
    }

    /// Empty where the file cannot be read.
    private static func text(of path: String) -> String {
        (try? FileSystem.bytes(of: path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension ProcessTree {
    /// Bytes in use by all that descends from a process: the resident memory of each, summed up, or the most that any one of
    /// them has had.
    ///
    /// The sum counts shared pages more than once. Where it passes `limit`, they are counted exactly, which is slow.
    static func memory(below root: pid_t, exactFrom limit: Int) -> Int {
        let processes = descendants(of: root)
        let memories = processes.map(memory)
        var sum = memories.reduce(0) { $0 + $1.resident }
        if sum > limit, processes.count > 1 { sum = processes.reduce(0) { $0 + proportionalMemory(of: $1) } }
        return max(sum, memories.map(\.peak).max() ?? 0)
    }
}
