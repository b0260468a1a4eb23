import Glibc
public import Telemetry

/// The metrics that Prometheus' clients have of their own process, by the names that those use.
public enum ProcessMetrics {
    public static func register(in registry: MetricRegistry) {
        let memory = registry.gauge("process_resident_memory_bytes", "Resident memory size in bytes.")
        let cpu = registry.counter(
            "process_cpu_seconds_total",
            "Total user and system CPU time spent in seconds."
        )
        registry.gauge(
            "process_start_time_seconds",
            "Start time of the process since the Unix epoch in seconds."
        ).set(to: Double(wallClockMilliseconds()) / 1_000)
        registry.beforeExposition {
            memory.set(to: residentBytes().map(Double.init) ?? .nan)
            cpu.increment(by: cpuSeconds() - cpu.value)
        }
    }

    /// The second number of `/proc/self/statm`, which counts pages.
    static func residentBytes() -> Int? {
        guard let file = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let numbers = text.split(separator: " ")
        return numbers.count > 1 ? Int(numbers[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
    }

    static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
        }
    }
}
