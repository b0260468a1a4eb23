import BinaryCoding

extension StreamSettings {
    func write(to writer: inout ByteWriter) {
        writer.write(optional: format) { $1.write(to: &$0) }
        writer.write(optional: features) { $0.write(list: $1) { $1.write(to: &$0) } }
        writer.write(optional: entityField) { $0.write($1) }
        detector.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(BinaryCodingError) {
        self.init(
            format: try reader.readOptional { (reader) throws(BinaryCodingError) in
                try LineFormat(from: &reader)
            },
            features: try reader.readOptional { (reader) throws(BinaryCodingError) in
                try reader.readFeatures()
            },
            entityField: try reader.readOptional { (reader) throws(BinaryCodingError) in
                try reader.readText()
            },
            detector: try DetectorSettings(from: &reader)
        )
    }
}

extension ByteReader {
    /// A list of features that is not empty.
    mutating func readFeatures() throws(BinaryCodingError) -> [Feature] {
        let features = try readList(ofSize: Feature.leastSize) { (reader) throws(BinaryCodingError) in
            try Feature(from: &reader)
        }
        guard !features.isEmpty else { throw damaged("there are no features") }
        return features
    }
}
