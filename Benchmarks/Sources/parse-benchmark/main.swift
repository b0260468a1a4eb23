import Glibc

// How many lines the parser reads per CPU second, on one thread, for lines made from a seed or for the
// lines of a file: parse-benchmark [--log FILE] [--format NAME] [--rounds N]

let options = Options(CommandLine.arguments)
let workloads: [Workload]
if let path = options.path {
    guard let workload = Workload(path: path, format: options.format) else {
        print("cannot read \(path)")
        exit(65)
    }
    workloads = [workload]
} else {
    workloads = Workload.made(lines: 100_000)
}
for workload in workloads {
    let result = workload.measure(rounds: options.rounds)
    print(
        "parse format=\(workload.format.name) lines=\(workload.lines) bytes_per_line=\(workload.bytes.count / max(workload.lines, 1))"
            + " failed=\(result.failed) split_lines_per_cpu_second=\(Int(result.splitRate))"
            + " lines_per_cpu_second=\(Int(result.rate))"
    )
}
