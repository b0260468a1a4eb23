import Compression
import DetectionPipeline
import LambdaRuntime
import LogRecords

/// The lines of an object, plain or compressed, as batches of bounded size: the object is never held whole.
struct S3Lines {
    let object: S3Event.Object
    let reader: any ObjectReader

    /// Lines of a batch at most.
    static let batchLines = 1_000

    /// - Parameter body: gets each batch before the next one is read.
    func read(_ body: (FunctionBatch) throws -> Void) throws {
        let version = object.versionID ?? object.eTag
        let stream = RecordStream(
            origin: "s3:\(object.bucket)/\(object.key)@\(version)",
            name: "\(object.bucket)/\(object.key)"
        )
        let decompressor = try Decompressor()
        var splitter = LineSplitter()
        var lines = LineBatch()
        func take(_ line: LineSplitter.Line) throws {
            let defect = line.isTooLong ? "a line of \(line.length) bytes" : nil
            lines.append(line.bytes, RecordIdentity(stream: stream, offset: line.offset), defect: defect)
            guard lines.count == Self.batchLines else { return }
            try body(lines.batch(of: stream, order: .none))
            lines = LineBatch()
        }
        try reader.read(object) { piece in
            try decompressor.feed(piece) { try splitter.feed($0, take) }
        }
        try decompressor.finish { try splitter.feed($0, take) }
        try splitter.finish(take)
        if lines.count > 0 { try body(lines.batch(of: stream, order: .none)) }
    }
}
