public import DetectionPipeline
public import LambdaRuntime

extension RecordBatch {
    /// Where in the batch the first record is that a function reports as failed; nil where it reports none. O(records)
    ///
    /// - Throws: the first failure that is of no record in the batch.
    public func indexOfFirst(_ failures: [BatchResponse.Item]) throws(UnknownRecord) -> Int? {
        guard !failures.isEmpty else { return nil }
        let indices = Dictionary(uniqueKeysWithValues: zip(records.map(\.offset), records.indices))
        var first = records.endIndex
        for failure in failures {
            guard case .kafka(partitionKey, let offset) = failure, let index = indices[offset] else {
                throw UnknownRecord(failure: failure)
            }
            first = min(first, index)
        }
        return first
    }
}

/// A function names a failed record that it was not given.
public struct UnknownRecord: Error, Sendable, Hashable, CustomStringConvertible {
    public let failure: BatchResponse.Item

    public var description: String {
        switch failure {
        case .kafka(let partition, let offset): "offset \(offset) of \(partition) was not in the event"
        case .identifier(let identifier): "\(identifier) was not in the event"
        }
    }
}
