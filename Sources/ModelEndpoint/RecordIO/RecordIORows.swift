/// Reads rows from records of `aialgs.data.Record`, SageMaker's message: the feature `values` of each, dense or sparse.
///
/// `Record` maps names to values in its field 1; a `Value` is one of tensors of 32-bit floats (2), 64-bit floats (3)
/// and 32-bit integers (7); a tensor has its values in field 1, and for a sparse row keys in 2 and the shape in 3.
enum RecordIORows {
    static func read(_ body: [UInt8], into rows: inout FeatureRows) throws(EndpointError) {
        for (index, range) in try RecordIO.records(body).enumerated() {
            try rows.append(tensor(body, range, record: index))
        }
    }

    /// The feature `values` of a record.
    static func tensor(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        record index: Int
    ) throws(EndpointError) -> FeatureTensor {
        let tensor: FeatureTensor?
        do throws(ProtobufReader.Malformed) {
            tensor = try features(bytes, range)
        } catch {
            throw EndpointError(
                .malformedBody,
                "record \(index) is malformed near byte \(error.offset): \(error.reason)"
            )
        }
        guard let tensor else {
            throw EndpointError(.malformedBody, "record \(index) has no feature \"values\" of numbers")
        }
        return tensor
    }

    /// The last feature of this name; nil where there is none.
    private static func features(
        _ bytes: [UInt8],
        _ range: Range<Int>
    ) throws(ProtobufReader.Malformed) -> FeatureTensor? {
        var record = ProtobufReader(bytes, range)
        var tensor: FeatureTensor?
        while let field = try record.nextField() {
            if field.number == 1, field.type == .counted {
                if let found = try entry(bytes, record.readCounted()) { tensor = found }
            } else {
                try record.skip(field.type)
            }
        }
        return tensor
    }

    /// An entry of the map: its key in field 1, its value in field 2. Nil for another key.
    private static func entry(
        _ bytes: [UInt8],
        _ range: Range<Int>
    ) throws(ProtobufReader.Malformed) -> FeatureTensor? {
        var entry = ProtobufReader(bytes, range)
        var isFeatures = false
        var value: Range<Int>?
        while let field = try entry.nextField() {
            switch (field.number, field.type) {
            case (1, .counted): isFeatures = bytes[try entry.readCounted()].elementsEqual("values".utf8)
            case (2, .counted): value = try entry.readCounted()
            default: try entry.skip(field.type)
            }
        }
        guard isFeatures, let value else { return nil }
        return try tensor(ofValue: value, bytes)
    }

    private static func tensor(
        ofValue range: Range<Int>,
        _ bytes: [UInt8]
    ) throws(ProtobufReader.Malformed) -> FeatureTensor? {
        var value = ProtobufReader(bytes, range)
        var tensor: FeatureTensor?
        while let field = try value.nextField() {
            if let kind = TensorKind(rawValue: field.number), field.type == .counted {
                tensor = try self.tensor(kind, bytes, value.readCounted())
            } else {
                try value.skip(field.type)
            }
        }
        return tensor
    }

    private static func tensor(
        _ kind: TensorKind,
        _ bytes: [UInt8],
        _ range: Range<Int>
    ) throws(ProtobufReader.Malformed) -> FeatureTensor {
        var reader = ProtobufReader(bytes, range)
        var tensor = FeatureTensor()
        while let field = try reader.nextField() {
            switch field.number {
            case 1:
                try forEach(&reader, field.type, kind.wireType, bytes) {
                    (reader) throws(ProtobufReader.Malformed) in
                    tensor.values.append(try kind.read(&reader))
                }
            case 2:
                var keys = tensor.keys ?? []
                try integers(&reader, field.type, bytes, into: &keys)
                tensor.keys = keys
            case 3:
                var shape = tensor.shape ?? []
                try integers(&reader, field.type, bytes, into: &shape)
                tensor.shape = shape
            default: try reader.skip(field.type)
            }
        }
        // A row whose values are all 0 has no keys, but then has a shape and no values.
        if tensor.keys == nil, tensor.values.isEmpty, tensor.shape != nil { tensor.keys = [] }
        return tensor
    }

    private static func integers(
        _ reader: inout ProtobufReader,
        _ type: ProtobufReader.WireType,
        _ bytes: [UInt8],
        into integers: inout [Int]
    ) throws(ProtobufReader.Malformed) {
        try forEach(&reader, type, .varint, bytes) { (reader) throws(ProtobufReader.Malformed) in
            integers.append(Int(clamping: try reader.readVarint()))
        }
    }

    /// Reads a repeated number, packed or by itself: both forms are to be read of every such field.
    private static func forEach(
        _ reader: inout ProtobufReader,
        _ type: ProtobufReader.WireType,
        _ single: ProtobufReader.WireType,
        _ bytes: [UInt8],
        _ read: (inout ProtobufReader) throws(ProtobufReader.Malformed) -> Void
    ) throws(ProtobufReader.Malformed) {
        if type == single { return try read(&reader) }
        guard type == .counted else { throw reader.malformed("numbers of another type") }
        var packed = ProtobufReader(bytes, try reader.readCounted())
        while !packed.isAtEnd { try read(&packed) }
    }

    /// The kinds of tensors, by their field in `Value`.
    private enum TensorKind: UInt64 {
        case float32 = 2
        case float64 = 3
        case int32 = 7

        var wireType: ProtobufReader.WireType {
            switch self {
            case .float32: .fourBytes
            case .float64: .eightBytes
            case .int32: .varint
            }
        }

        func read(_ reader: inout ProtobufReader) throws(ProtobufReader.Malformed) -> Double {
            switch self {
            case .float32: Double(Float(bitPattern: try reader.readFourBytes()))
            case .float64: Double(bitPattern: try reader.readEightBytes())
            case .int32: Double(Int32(truncatingIfNeeded: try reader.readVarint()))
            }
        }
    }
}
