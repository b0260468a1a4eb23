import RandomCutForest

extension ForestBenchmark {
    /// `state FILE DIMENSIONS SHINGLE TREES SAMPLES SECONDS`: bytes of both forms, and the CPU milliseconds of a save and of
    /// a load, each repeated for some seconds.
    static func measureState(_ arguments: [String]) throws {
        let numbers = arguments[3...6].map { Int($0) ?? 0 }
        guard let points = Points(file: arguments[2], dimensions: numbers[0]) else {
            print("no points in \(arguments[2])")
            return
        }
        let seconds = Double(arguments[7]) ?? 0
        let forest = try RandomCutForest(
            .init(
                dimensions: numbers[0],
                shingleSize: numbers[1],
                treeCount: numbers[2],
                sampleSize: numbers[3],
                seed: 42
            )
        )
        for row in 0..<warmUp { try forest.update(points[row]) }
        var line = "ours"
        var sink = 0
        for (name, form) in [("full", RandomCutForest.StateForm.full), ("compact", .compact)] {
            let state = forest.encodedState(form)
            let save = milliseconds(seconds) { sink &+= forest.encodedState(form).count }
            let load = try milliseconds(seconds) { sink &+= try RandomCutForest(state: state).livePointCount }
            line += " \(name)_bytes=\(state.count) \(name)_save_ms=\(save) \(name)_load_ms=\(load)"
        }
        print("\(line) checksum=\(sink)")
    }

    /// The CPU time of one step, repeated for some seconds.
    private static func milliseconds(_ seconds: Double, _ step: () throws -> Void) rethrows -> Double {
        try step()
        let begin = cpuSeconds()
        var spent = 0.0
        var count = 0
        while spent < seconds {
            try step()
            count += 1
            spent = cpuSeconds() - begin
        }
        return spent / Double(count) * 1000
    }
}
