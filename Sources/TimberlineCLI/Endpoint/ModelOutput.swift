import Compression
import ModelEndpoint
import SystemFiles

/// Where a trained model is put: a model file, or with the end `.tar.gz` an archive that holds one, as SageMaker takes
/// models.
enum ModelOutput {
    static let fileName = "model.timberline"

    /// - Returns: the bytes written.
    static func write(_ model: TrainedModel, to path: String) throws -> Int {
        var bytes = model.encoded()
        if path.hasSuffix(".tar.gz") || path.hasSuffix(".tgz") {
            var archive = TarArchive()
            archive.append(fileName, bytes)
            bytes = try gzip(archive.finish())
        }
        do throws(SystemError) {
            try FileSystem.replace(path, with: bytes, by: path + ".new")
        } catch {
            throw CommandFailure(.cannotWrite, "\(path): \(error.reason)")
        }
        return bytes.count
    }

    private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let compressor = try Compressor(format: .gzip)
        var compressed: [UInt8] = []
        try bytes.withUnsafeBufferPointer { try compressor.feed($0) { compressed += $0 } }
        try compressor.finish { compressed += $0 }
        return compressed
    }
}
