import Telemetry

/// An invocation as the last lines of its log tell it.
struct InvocationReport: Sendable, Equatable {
    var requestID: String
    var duration: Duration
    /// Of the first invocation of an environment: how long the initialization took.
    var initialization: Duration?
    /// Bytes.
    var memoryLimit: Int
    /// Bytes.
    var peakMemory: Int
    var failure: InvocationFailure?

    static func start(_ invocation: Invocation) -> String {
        "START RequestId: \(invocation.requestID) Version: \(invocation.version)\n"
    }

    /// The lines from the failure, if there was one, to the report.
    ///
    /// - Parameter now: milliseconds since 1970.
    func lines(at now: Int64) -> String {
        var text = ""
        switch failure {
        case .timedOut(let limit):
            let seconds = limit.text(decimals: 2, unit: .seconds)
            text +=
                "\(timestampText(milliseconds: now)) \(requestID) Task timed out after \(seconds) seconds\n\n"
        case .exited, .outOfMemory, .invalidEntrypoint:
            guard let failure else { break }
            text += "RequestId: \(requestID) Error: \(failure.reason)\n\(failure.type)\n"
        case .responseTooLarge, .initialization, nil: break
        }
        return text + "END RequestId: \(requestID)\n" + report + "\n"
    }

    private var report: String {
        // What the initialization takes is billed (since August 2025).
        let billed = (duration + (initialization ?? .zero)).wholeMilliseconds
        var fields = [
            "REPORT RequestId: \(requestID)",
            "Duration: \(duration.text(decimals: 2, unit: .milliseconds)) ms",
            "Billed Duration: \(billed) ms",
            "Memory Size: \(memoryLimit >> 20) MB",
            "Max Memory Used: \((min(peakMemory, memoryLimit) + (1 << 20) - 1) >> 20) MB",
        ]
        if let initialization {
            fields.append("Init Duration: \(initialization.text(decimals: 2, unit: .milliseconds)) ms")
        }
        switch failure {
        case nil: break
        case .timedOut: fields.append("Status: timeout")
        case .some(let failure): fields += ["Status: error", "Error Type: \(failure.type)"]
        }
        return fields.joined(separator: "\t")
    }
}

/// An initialization that failed.
struct InitializationReport: Sendable, Equatable {
    var duration: Duration
    var attempt: ExecutionEnvironment.Attempt
    var failure: InvocationFailure

    var line: String {
        let status =
            if case .timedOut = failure { "Status: timeout" } else {
                "Status: error\tError Type: \(failure.type)"
            }
        let milliseconds = duration.text(decimals: 2, unit: .milliseconds)
        return "INIT_REPORT Init Duration: \(milliseconds) ms\tPhase: \(attempt.rawValue)\t\(status)\n"
    }
}
