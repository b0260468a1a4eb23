/// What became of the entries of a batch.
public struct BatchOutcome: Sendable, Hashable {
    /// Why entries were not taken, by their positions in what was given. All others were.
    public internal(set) var failures: [Int: AWSError] = [:]

    /// Throws the first failure that is worth another try, or else the first of all.
    public func check() throws(AWSError) {
        let inOrder = failures.sorted { $0.key < $1.key }.map(\.value)
        if let error = inOrder.first(where: \.isRetriable) ?? inOrder.first { throw error }
    }
}
