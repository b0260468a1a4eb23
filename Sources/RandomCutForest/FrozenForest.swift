/// A forest that learns no more, so that any number of threads may score by it at once.
///
/// ```swift
/// let frozen = try FrozenForest(forest)
/// let scorer = frozen.makeScorer()  // one for each thread
/// try scorer.score(rows: rows, into: scores)
/// ```
///
/// `@unchecked Sendable` holds because `init` takes the forest over, and nothing here writes to it: what a score
/// changes lies in the ``Scorer``.
public final class FrozenForest: @unchecked Sendable {
    private let forest: RandomCutForest

    /// Takes a forest over.
    ///
    /// - Throws: `invalidArgument` for one that is not ready, or that puts shingles together by itself: what it
    ///   scores would depend on the rows before.
    public init(_ forest: sending RandomCutForest) throws(ForestError) {
        guard forest.shingle.rowCount == 1 else {
            throw ForestError(.invalidArgument, "a forest with internal shingling cannot be frozen")
        }
        guard forest.isReady else {
            let (count, needed) = (forest.updateCount, forest.configuration.outputAfter)
            throw ForestError(
                .invalidArgument,
                "the forest has learned \(count) of the \(needed) rows that it needs"
            )
        }
        self.forest = forest
    }

    public var configuration: RandomCutForest.Configuration { forest.configuration }

    /// What one thread needs to score. Allocates.
    public func makeScorer() -> Scorer { Scorer(forest) }

    /// Scores rows by a frozen forest, in memory of its own. One call at a time.
    ///
    /// `@unchecked Sendable` so that threads can hand it on: the caller sees to it that no two calls overlap.
    public final class Scorer: @unchecked Sendable {
        private let forest: RandomCutForest
        private let scratch: BatchScratch

        /// Up to so many rows go one by one, the trees side by side: faster than a few rows side by side, tree by
        /// tree.
        static let singleRowLimit = 6

        init(_ forest: RandomCutForest) {
            self.forest = forest
            scratch = BatchScratch(trees: forest.trees)
        }

        /// Scores rows: for each the same bits as ``RandomCutForest/score(_:)-([Double])``. Allocates nothing.
        ///
        /// - Parameters:
        ///   - rows: Rows of `inputDimensions` finite values, one after the other.
        ///   - scores: As many places as rows.
        public func score(
            rows: UnsafeBufferPointer<Double>,
            into scores: UnsafeMutableBufferPointer<Double>
        ) throws(ForestError) {
            let size = forest.shingle.rowSize
            guard rows.count == scores.count * size else {
                throw ForestError(
                    .dimensionMismatch,
                    "\(rows.count) values are not \(scores.count) rows of \(size)"
                )
            }
            for index in rows.indices where !rows[index].isFinite {
                throw ForestError(
                    .notFinite,
                    "dimension \(index % size) of row \(index / size) is \(rows[index])",
                    dimension: index % size
                )
            }
            let goesOneByOne =
                scores.count <= Self.singleRowLimit || !forest.usesKernel || !forest.sampler.areSizesEqual
            if goesOneByOne {
                for row in scores.indices { scores[row] = score(rows, row, size) }
            } else {
                for first in stride(from: 0, to: scores.count, by: scratch.lanes) {
                    scoreBlock(rows, first..<min(first + scratch.lanes, scores.count), size, into: scores)
                }
            }
        }

        private func score(_ rows: UnsafeBufferPointer<Double>, _ row: Int, _ size: Int) -> Double {
            for dimension in 0..<size {
                scratch.query.values[dimension] = forest.shifted(rows[row * size + dimension], dimension)
            }
            return forest.score(scratch.query, scratch.walk)
        }

        private func scoreBlock(
            _ rows: UnsafeBufferPointer<Double>,
            _ block: Range<Int>,
            _ size: Int,
            into scores: UnsafeMutableBufferPointer<Double>
        ) {
            for (lane, row) in block.enumerated() {
                for dimension in 0..<size {
                    scratch.setQuery(
                        lane,
                        dimension,
                        forest.shifted(rows[row * size + dimension], dimension)
                    )
                }
            }
            forest.scoreLanes(block.count, scratch)
            for (lane, row) in block.enumerated() { scores[row] = forest.score(fromSum: scratch.sums[lane]) }
        }
    }
}
