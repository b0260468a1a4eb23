/// The rows of a request, all finite, each of as many values as the model has.
public struct FeatureRows: Sendable, Hashable {
    /// Values in a row.
    public let dimensions: Int
    /// Row after row.
    public private(set) var values: [Double] = []
    /// Whether they came as `[[0.45,200]]`, which is answered with bare numbers.
    public internal(set) var isBare = false
    /// Values of the row in hand, those past its end too.
    private var pending = 0

    /// The most values in one request, so that a few bytes which describe wide sparse rows cannot take all memory.
    /// A dense body of 8 MB has fewer.
    public static let valueLimit = 1 << 22

    /// - Precondition: `dimensions` is at least 1.
    public init(dimensions: Int) {
        precondition(dimensions > 0, "a row has at least one value")
        self.dimensions = dimensions
    }

    /// Rows that are whole.
    public var count: Int { values.count / dimensions }

    /// The next value of the row in hand.
    ///
    /// - Throws: `notFinite`, `wrongDimensions` or `tooManyValues`.
    public mutating func append(_ value: Double) throws(EndpointError) {
        guard pending < dimensions else {
            throw EndpointError(
                .wrongDimensions,
                "row \(count - 1) has more than \(dimensions) values, the model takes \(dimensions)"
            )
        }
        guard value.isFinite else {
            throw EndpointError(.notFinite, "value \(pending) of row \(count) is \(value), must be finite")
        }
        if values.count == Self.valueLimit { throw Self.tooMany }
        values.append(value)
        pending += 1
    }

    /// Ends the row in hand.
    ///
    /// - Throws: `wrongDimensions`.
    public mutating func finishRow() throws(EndpointError) {
        guard pending == dimensions else {
            throw EndpointError(
                .wrongDimensions,
                "row \(count) has \(pending) \(pending == 1 ? "value" : "values"), the model takes \(dimensions)"
            )
        }
        pending = 0
    }

    /// A row given as a tensor: dense, or where there are keys only at these places, the others 0.
    ///
    /// - Throws: `malformedBody` where keys, shape and values do not fit together; and as `append`, `finishRow`.
    mutating func append(_ tensor: FeatureTensor) throws(EndpointError) {
        let row = count
        if let shape = tensor.shape, shape != [dimensions] {
            throw EndpointError(
                .wrongDimensions,
                "row \(row) has the shape \(shape), the model takes [\(dimensions)]"
            )
        }
        guard let keys = tensor.keys else {
            for value in tensor.values { try append(value) }
            return try finishRow()
        }
        guard keys.count == tensor.values.count else {
            throw EndpointError(
                .malformedBody,
                "row \(row) has \(keys.count) keys for \(tensor.values.count) values"
            )
        }
        if values.count + dimensions > Self.valueLimit { throw Self.tooMany }
        let start = values.count
        values.append(contentsOf: repeatElement(0, count: dimensions))
        for (key, value) in zip(keys, tensor.values) {
            guard key >= 0, key < dimensions else {
                throw EndpointError(
                    .wrongDimensions,
                    "row \(row) has the key \(key), the model has values 0 to \(dimensions - 1)"
                )
            }
            guard value.isFinite else {
                throw EndpointError(.notFinite, "value \(key) of row \(row) is \(value), must be finite")
            }
            values[start + key] = value
        }
    }

    private static let tooMany = EndpointError(
        .tooManyValues,
        "the rows have more than \(valueLimit) values; send fewer rows at once"
    )
}

/// A row as protocol buffers and SageMaker's longer JSON have it.
struct FeatureTensor: Sendable, Hashable {
    var values: [Double] = []
    /// The places of the values, for a sparse row.
    var keys: [Int]?
    /// The number of values of a row.
    var shape: [Int]?
}
