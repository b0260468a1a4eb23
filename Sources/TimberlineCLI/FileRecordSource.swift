import DetectionPipeline
import LogRecords
import SystemFiles

/// Reads files and pipes, one after the other, as one stream of lines. gzip and
/// zstd are read as what they hold.
///
/// On a pipe a batch closes when nothing has come for `pipeWindow`, so that an
/// anomaly shows soon after its line. Results do not depend on where batches end.
final class FileRecordSource: RecordSource {
    /// Bytes of all files that have a size, and bytes read of them: for progress.
    private(set) var totalBytes: Int64 = 0
    private(set) var readBytes: Int64 = 0

    private var pending: ArraySlice<String>
    private let runIdentity: String
    private let modelStream = RecordStream(origin: "files", name: "files")
    private var current: InputFile?

    static let pipeWindowMilliseconds: Int32 = 200

    /// Opens each path once, so that one that is missing is known before any work.
    ///
    /// - Parameters:
    ///   - paths: read in this order; `-` is standard input.
    ///   - runIdentity: unique for this run; names the pipe.
    init(paths: [String], runIdentity: String) throws(InputError) {
        pending = paths[...]
        self.runIdentity = runIdentity
        for path in paths where path != "-" {
            totalBytes += try InputFile.size(of: path)
        }
    }

    func next() throws -> SourceEvent {
        while true {
            guard let file = current else {
                guard let path = pending.popFirst() else { return .end }
                current = try InputFile(path: path, runIdentity: runIdentity)
                continue
            }
            let batch = try file.nextBatch(modelStream: modelStream)
            readBytes += file.takeReadCount()
            switch batch {
            case .batch(let batch): return .batches([batch])
            case .nothing: return .idle
            case .end: current = nil
            }
        }
    }

    /// A file keeps no position: it is read from the beginning each time.
    func commit(_ offsets: [RecordStream: Int64]) -> Bool { true }
}

/// Why an input could not be read.
struct InputError: Error, CustomStringConvertible {
    var path: String
    var reason: String

    var description: String { "\(path): \(reason)" }

    init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    init(_ error: SystemError) {
        self.init(path: error.subject, reason: error.reason)
    }
}
