import Testing

@testable import BinaryCoding

@Suite("Bytes in sections")
struct SectionTests {
    static let form = SectionedForm(name: "test", magic: "TESTFORM", version: 2)

    static func written() -> [UInt8] {
        var sections = SectionWriter(form)
        sections.append(7) { writer in
            writer.write(-3 as Int16)
            writer.write(0.1)
            writer.write("é")
            writer.write(true)
        }
        sections.append(9, version: 4) { $0.write(raw: [1, 2, 3]) }
        return sections.finish()
    }

    @Test("come back as they were written")
    func roundTrip() throws {
        let sections = try SectionReader(Self.written(), Self.form)
        var reader = try sections.requiredSection(7).reader
        #expect(try reader.read(Int16.self) == -3)
        #expect(try reader.readDouble() == 0.1)
        #expect(try reader.readText() == "é")
        #expect(try reader.readBool())
        try reader.finish()
        var other = try sections.requiredSection(9, version: 4)
        #expect(other.version == 4 && other.reader.readRest() == [1, 2, 3])
        #expect(try sections.section(8)?.version == nil)
    }

    @Test("of a newer version are refused, unknown ones skipped")
    func newer() throws {
        let sections = try SectionReader(Self.written(), Self.form)
        #expect { try sections.section(9, version: 3) } throws: { ($0 as? BinaryCodingError)?.code == .newer }
        let older = SectionedForm(name: "test", magic: "TESTFORM", version: 1)
        #expect { try SectionReader(Self.written(), older) } throws: {
            ($0 as? BinaryCodingError)?.code == .newer
        }
        #expect(throws: BinaryCodingError.self) { try sections.requiredSection(8) }
    }

    @Test("with any bit changed, cut short or with a byte more are an error")
    func damage() {
        let bytes = Self.written()
        for length in bytes.indices {
            #expect(throws: BinaryCodingError.self) { try SectionReader(Array(bytes[..<length]), Self.form) }
        }
        #expect(throws: BinaryCodingError.self) { try SectionReader(bytes + [0], Self.form) }
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: BinaryCodingError.self) { try SectionReader(changed, Self.form) }
        }
    }
}
