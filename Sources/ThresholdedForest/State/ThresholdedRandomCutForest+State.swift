import BinaryCoding
public import RandomCutForest

// A state is a sectioned form (`SectionedForm`) of magic "TRCFSTAT", version 1, with the sections
//
//   1  the forest's own state, see `RandomCutForest.StateForm`
//   2  the parameters of transform, threshold and corrections, in the order of `Parameters+State.swift`
//   3  i64 rows processed, f64 last score, the series of present values; then transform, threshold and
//      corrections in the order of `Parts+State.swift`
//   4  the last rows and the first rows, in the same file's order
//
// A series is i64 count, f64 mean, weight, squares; a list u64 count and f64 each; an optional has a u8 flag before it.

extension ThresholdedRandomCutForest {
    static let stateForm = SectionedForm(
        name: "state of a thresholded forest",
        magic: "TRCFSTAT",
        version: 1
    )

    /// The whole as bytes: the forest's state and that of what judges its scores. O(size of the forest).
    ///
    /// - Parameter form: That of the forest.
    public func encodedState(_ form: RandomCutForest.StateForm = .full) -> [UInt8] {
        var sections = SectionWriter(Self.stateForm)
        let state = forest.encodedState(form)
        sections.append(1) { $0.write(raw: state) }
        sections.append(2) { configuration.write(to: &$0) }
        sections.append(3) { writer in
            writer.write(Int64(rowCount))
            writer.write(lastScore)
            quality.write(to: &writer)
            transformer.write(to: &writer)
            thresholder.write(to: &writer)
            corrector.write(to: &writer)
        }
        sections.append(4) { writer in
            history.write(to: &writer)
            firstRows.write(to: &writer)
        }
        return sections.finish()
    }

    /// Loads what ``encodedState(_:)`` saved: with the full form it goes on as if it had never stopped.
    ///
    /// - Parameter memoryLimit: The most bytes to reserve for the forest.
    /// - Throws: `damagedState`, `newerState` or `stateTooLarge`.
    public convenience init(state bytes: [UInt8], memoryLimit: Int = 1 << 30) throws(ForestError) {
        let sections = try Self.reading { () throws(BinaryCodingError) in
            try SectionReader(bytes, Self.stateForm)
        }
        let state = try Self.reading { () throws(BinaryCodingError) in
            var (_, section) = try sections.requiredSection(1)
            return section.readRest()
        }
        let forest = try RandomCutForest(state: state, memoryLimit: memoryLimit)
        let configuration = try Self.reading { () throws(BinaryCodingError) in
            var (_, section) = try sections.requiredSection(2)
            let configuration = try Configuration(forest: forest.configuration, from: &section)
            try section.finish()
            return configuration
        }
        do { try self.init(configuration, forest: forest) } catch {
            throw ForestError(.damagedState, "the state is damaged: \(error.message)")
        }
        try Self.reading { () throws(BinaryCodingError) in
            try restoreJudging(sections)
            try restoreRows(sections)
        }
    }

    private func restoreJudging(_ sections: SectionReader) throws(BinaryCodingError) {
        var (_, section) = try sections.requiredSection(3)
        rowCount = try section.readTally()
        lastScore = try section.readFinite()
        try quality.restore(from: &section)
        try transformer.restore(from: &section)
        try thresholder.restore(from: &section)
        try corrector.restore(from: &section, rowCount: rowCount)
        try section.finish()
    }

    private func restoreRows(_ sections: SectionReader) throws(BinaryCodingError) {
        var (_, section) = try sections.requiredSection(4)
        let size = configuration.forest.dimensions
        try history.restore(rowSize: size, from: &section)
        let limit = transformer.isStarted ? 0 : configuration.transform.startRows - 1
        try firstRows.restore(rowSize: size, limit: limit, from: &section)
        try section.finish()
    }

    private static func reading<Value>(
        _ body: () throws(BinaryCodingError) -> Value
    ) throws(ForestError) -> Value {
        do { return try body() } catch {
            throw ForestError(error.code == .newer ? .newerState : .damagedState, error.message)
        }
    }
}
