public import Foundation

/// The machine's processes.
public enum Processes {
    /// Those whose current directory lies in a directory.
    public static func working(below directory: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
            return place?.hasPrefix(directory + "/") == true
        }
    }
}
