import BinaryCoding
import LogRecords
import Patterns

extension LineFormat {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .log(let format):
            writer.write(1 as UInt8)
            writer.write(format.name)
        case .pattern(let pattern):
            writer.write(2 as UInt8)
            writer.write(pattern.text)
            writer.write(pattern.limits.steps)
            writer.write(pattern.limits.heapKibibytes)
        }
    }

    init(from reader: inout ByteReader) throws(BinaryCodingError) {
        switch try reader.read(UInt8.self) {
        case 1:
            let name = try reader.readText()
            guard let format = LogFormat(name: name) else { throw reader.damaged("no log format '\(name)'") }
            self = .log(format)
        case 2:
            let text = try reader.readText()
            let limits = Pattern.Limits(steps: try reader.read(), heapKibibytes: try reader.read())
            do {
                self = .pattern(try Pattern(text, limits: limits))
            } catch {
                throw reader.damaged(error.message)
            }
        case let kind: throw reader.damaged("no kind \(kind) of format")
        }
    }
}
