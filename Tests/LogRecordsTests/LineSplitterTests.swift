import LogRecords
import Testing

@Suite("Cutting a stream into lines")
struct LineSplitterTests {
    struct Cut: Equatable {
        var text: String
        var offset: Int64
        var length: Int64
    }

    private func cut(_ text: String, limit: Int = 1 << 20, chunk: Int) -> [Cut] {
        var splitter = LineSplitter(maximumLength: limit)
        var cuts: [Cut] = []
        func take(_ line: LineSplitter.Line) {
            cuts.append(
                Cut(
                    text: String(decoding: line.bytes, as: UTF8.self),
                    offset: line.offset,
                    length: line.length
                )
            )
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            bytes[start..<min(start + chunk, bytes.count)].withUnsafeBufferPointer { splitter.feed($0, take) }
        }
        splitter.finish(take)
        return cuts
    }

    @Test("gives the same lines whatever the chunks", arguments: [1, 2, 3, 5, 8, 100])
    func chunks(chunk: Int) {
        #expect(
            cut("one\r\ntwo\n\n\r\nfour\rx\nlast", chunk: chunk) == [
                Cut(text: "one", offset: 0, length: 3), Cut(text: "two", offset: 5, length: 3),
                Cut(text: "", offset: 9, length: 0), Cut(text: "", offset: 10, length: 0),
                Cut(text: "four\rx", offset: 12, length: 6), Cut(text: "last", offset: 19, length: 4),
            ]
        )
    }

    @Test("an ended last line adds none, and nothing gives nothing")
    func ends() {
        #expect(cut("a\n", chunk: 10).count == 1)
        #expect(cut("", chunk: 10).isEmpty)
        #expect(cut("\n", chunk: 10) == [Cut(text: "", offset: 0, length: 0)])
    }

    @Test("a line at the limit is whole, one past it is cut and says its length", arguments: [1, 3, 64])
    func limit(chunk: Int) {
        let cuts = cut("12345678\n123456789\r\nnext\n", limit: 8, chunk: chunk)
        #expect(
            cuts == [
                Cut(text: "12345678", offset: 0, length: 8), Cut(text: "12345678", offset: 9, length: 10),
                Cut(text: "next", offset: 20, length: 4),
            ]
        )
    }

    @Test("a line of 100 MB is one line that is too long, in bounded memory")
    func huge() {
        var splitter = LineSplitter()
        var cuts: [(count: Int, length: Int64, isTooLong: Bool)] = []
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        chunk.withUnsafeBufferPointer { bytes in
            for _ in 0..<100 {
                splitter.feed(bytes) { cuts.append(($0.bytes.count, $0.length, $0.isTooLong)) }
            }
        }
        Array("\nok\n".utf8).withUnsafeBufferPointer { bytes in
            splitter.feed(bytes) { cuts.append(($0.bytes.count, $0.length, $0.isTooLong)) }
        }
        #expect(cuts.count == 2)
        #expect(cuts[0] == (1 << 20, 100 << 20, true))
        #expect(cuts[1] == (2, 2, false))
        #expect(splitter.lineOffset == (100 << 20) + 4)
    }

    @Test("an error of the receiver comes through")
    func receiverError() {
        struct Full: Error {}
        var splitter = LineSplitter()
        #expect(throws: Full.self) {
            try Array("a\nb\n".utf8).withUnsafeBufferPointer { bytes throws(Full) in
                try splitter.feed(bytes) { _ throws(Full) in throw Full() }
            }
        }
    }
}
