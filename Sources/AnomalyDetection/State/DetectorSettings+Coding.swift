import BinaryCoding

extension DetectorSettings {
    func write(to writer: inout ByteWriter) {
        writer.write(Int64(treeCount))
        writer.write(Int64(sampleSize))
        writer.write(optional: timeDecay) { $0.write($1) }
        writer.write(seed)
        writer.write(Int64(warmUp))
        writer.write(Int64(normalizationWindow))
        writer.write(Int64(maximumEntities))
        threshold.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(BinaryCodingError) {
        treeCount = Int(try reader.read(Int64.self))
        sampleSize = Int(try reader.read(Int64.self))
        timeDecay = try reader.readOptional { (reader) throws(BinaryCodingError) in try reader.readDouble() }
        seed = try reader.read()
        warmUp = Int(try reader.read(Int64.self))
        normalizationWindow = Int(try reader.read(Int64.self))
        maximumEntities = Int(try reader.read(Int64.self))
        threshold = try ThresholdPolicy(from: &reader)
    }
}

extension ThresholdPolicy {
    fileprivate func write(to writer: inout ByteWriter) {
        switch self {
        case .fixed(let threshold):
            writer.write(1 as UInt8)
            writer.write(threshold)
        case .adaptive(let deviations, let floor):
            writer.write(2 as UInt8)
            writer.write(deviations)
            writer.write(floor)
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(BinaryCodingError) {
        switch try reader.read(UInt8.self) {
        case 1: self = .fixed(try reader.readDouble())
        case 2: self = .adaptive(deviations: try reader.readDouble(), floor: try reader.readDouble())
        case let kind: throw reader.damaged("no kind \(kind) of threshold")
        }
    }
}
