import Glibc

/// CPU seconds of this process so far, user and system, of all its threads.
func cpuSeconds() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

func wallSeconds() -> Double { seconds(CLOCK_MONOTONIC) }

private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
