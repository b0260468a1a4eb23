import BinaryCoding

/// A checkpoint of one stream as one object: how far, and the models.
struct SavedModels: Hashable {
    var position: StreamPosition
    /// What `StreamModels.state` gave.
    var state: [UInt8]

    private static let form = SectionedForm(name: "checkpoint of a function", magic: "TLlambda", version: 1)
    private static let positionSection: UInt32 = 1
    private static let stateSection: UInt32 = 2

    init(position: StreamPosition, state: [UInt8]) {
        self.position = position
        self.state = state
    }

    init(encoded bytes: [UInt8]) throws(BinaryCodingError) {
        let sections = try SectionReader(bytes, Self.form)
        var reader = try sections.requiredSection(Self.positionSection).reader
        switch try reader.read(UInt8.self) {
        case 0: position = .unordered
        case 1: position = .offset(try reader.read())
        case 2:
            let digits = try reader.readText()
            guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
                throw reader.damaged("a sequence number has other characters than digits")
            }
            position = .sequence(SequenceNumber(digits))
        case let kind: throw reader.damaged("no position has the kind \(kind)")
        }
        try reader.finish()
        reader = try sections.requiredSection(Self.stateSection).reader
        state = reader.readRest()
    }

    var encoded: [UInt8] {
        var sections = SectionWriter(Self.form)
        sections.append(Self.positionSection) { writer in
            switch position {
            case .unordered: writer.write(0 as UInt8)
            case .offset(let offset):
                writer.write(1 as UInt8)
                writer.write(offset)
            case .sequence(let number):
                writer.write(2 as UInt8)
                writer.write(number.digits)
            }
        }
        sections.append(Self.stateSection) { $0.write(raw: state) }
        return sections.finish()
    }
}
