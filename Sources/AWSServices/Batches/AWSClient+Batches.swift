extension AWSClient {
    /// Sends entries by as few calls as the limits allow, and again alone what a call did not take.
    ///
    /// - Parameters:
    ///   - title: of the call, for messages.
    ///   - positions: of the entries to send.
    ///   - sizes: of all entries, in bytes.
    ///   - call: sends the entries at some positions, and tells which of them failed.
    func sendBatches(
        _ title: String,
        _ positions: [Int],
        sizes: [Int],
        _ limits: BatchLimits,
        within limit: Duration?,
        _ call: ([Int], Duration?) throws(AWSError) -> [Int: AWSError]
    ) -> BatchOutcome {
        var outcome = BatchOutcome()
        let end = limit.map { clock.uptime() + $0 }
        let (fitting, tooLarge) = positions.partitioned { sizes[$0] <= limits.entryBytes }
        for position in tooLarge {
            outcome.failures[position] = AWSError(
                .refused,
                "\(title): an entry of \(sizes[position]) bytes, where \(limits.entryBytes) are the most"
            )
        }
        var runs = limits.runs(fitting, sizes: sizes)[...]
        while let run = runs.popFirst() {
            var attempts = Attempts(self, title, within: end.map { $0 - clock.uptime() })
            var rest = run
            do throws(AWSError) {
                while !rest.isEmpty {
                    let failures = try call(rest, end.map { $0 - clock.uptime() })
                    let again = rest.filter { failures[$0]?.isRetriable ?? false }
                    if again.count < rest.count { attempts.progressed() }
                    outcome.failures.merge(failures.filter { !$0.value.isRetriable }) { first, _ in first }
                    rest = again
                    if let first = rest.first, let error = failures[first] { try attempts.failed(error) }
                }
            } catch {
                // What holds up this call would hold up the later ones too, if it is worth waiting for.
                let stopped = error.isRetriable ? rest + runs.flatMap(\.self) : rest
                for position in stopped { outcome.failures[position] = error }
                if error.isRetriable { return outcome }
            }
        }
        return outcome
    }
}

extension [Int] {
    fileprivate func partitioned(by isFirst: (Int) -> Bool) -> (first: [Int], second: [Int]) {
        (filter(isFirst), filter { !isFirst($0) })
    }
}
