import BinaryCoding

extension Feature {
    /// Least bytes of a feature, each text empty.
    static let leastSize = 8 + 1 + 1 + 1 + 8 + 8 + 8

    func write(to writer: inout ByteWriter) {
        writer.write(name)
        source.write(to: &writer)
        transform.write(to: &writer)
        writer.write(isNormalized)
        writer.write(weight)
        writer.write(noiseFloor)
        writer.write(unit)
    }

    init(from reader: inout ByteReader) throws(BinaryCodingError) {
        self.init(
            name: try reader.readText(),
            source: try Source(from: &reader),
            transform: try FeatureTransform(from: &reader),
            isNormalized: try reader.readBool(),
            weight: try reader.readDouble(),
            noiseFloor: try reader.readDouble(),
            unit: try reader.readText()
        )
    }
}

extension Feature.Source {
    fileprivate func write(to writer: inout ByteWriter) {
        switch self {
        case .field(let path):
            writer.write(1 as UInt8)
            writer.write(path)
        case .gap: writer.write(2 as UInt8)
        case .length: writer.write(3 as UInt8)
        case .severity: writer.write(4 as UInt8)
        case .messageNumber(let position):
            writer.write(5 as UInt8)
            writer.write(Int64(position))
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(BinaryCodingError) {
        switch try reader.read(UInt8.self) {
        case 1: self = .field(try reader.readText())
        case 2: self = .gap
        case 3: self = .length
        case 4: self = .severity
        case 5: self = .messageNumber(try reader.readInteger(in: 0...1 << 32))
        case let kind: throw reader.damaged("no kind \(kind) of source")
        }
    }
}

extension FeatureTransform {
    fileprivate func write(to writer: inout ByteWriter) {
        switch self {
        case .identity: writer.write(1 as UInt8)
        case .logarithm(let scale):
            writer.write(2 as UInt8)
            writer.write(scale)
        case .indicator(let lower, let upper):
            writer.write(3 as UInt8)
            writer.write(lower)
            writer.write(upper)
        case .difference: writer.write(4 as UInt8)
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(BinaryCodingError) {
        switch try reader.read(UInt8.self) {
        case 1: self = .identity
        case 2: self = .logarithm(scale: try reader.readDouble())
        case 3: self = .indicator(lower: try reader.readDouble(), upper: try reader.readDouble())
        case 4: self = .difference
        case let kind: throw reader.damaged("no kind \(kind) of transform")
        }
    }
}
