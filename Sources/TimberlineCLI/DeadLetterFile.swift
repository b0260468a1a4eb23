import DetectionPipeline
import Glibc
import Telemetry

/// Dead letters as JSON lines at the end of a file: where the record was, why it
/// is here, and the record whole (`value`, or `value_base64` if it is not UTF-8).
final class DeadLetterFile: DeadLetterSink {
    private let path: String
    private let output: OutputStream

    init(path: String) throws {
        self.path = path
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(.cannotWrite, "dead letters \(path): \(String(cString: strerror(errno)))")
        }
        output = OutputStream(descriptor: descriptor)
    }

    deinit {
        output.close()
    }

    func store(_ letters: [DeadLetter]) throws {
        do throws(OutputStream.Failure) {
            for letter in letters { try output.write(line: Self.line(letter)) }
            try output.flush()
        } catch {
            throw CommandFailure(.cannotWrite, "dead letters \(path): \(error)")
        }
    }

    static func line(_ letter: DeadLetter) -> String {
        let identity = letter.identity
        var json = JSONWriter()
        json.object { json in
            json.string("reason", letter.reason)
            json.object("source") { json in
                json.string("name", identity.stream.name)
                json.string("origin", identity.stream.origin)
                json.integer("partition", identity.stream.partition)
                json.integer("offset", identity.offset)
            }
            bytes("key", letter.key, &json)
            bytes("value", letter.value, &json)
        }
        return json.text
    }

    private static func bytes(_ name: String, _ bytes: [UInt8]?, _ json: inout JSONWriter) {
        guard let bytes else { return json.string(name, nil) }
        if let text = String(validating: bytes, as: UTF8.self) {
            json.string(name, text)
        } else {
            json.string(name + "_base64", Base64.text(of: bytes))
        }
    }
}

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    static func text(of bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            word <<= UInt32(8 * (3 - group.count))
            for position in 0..<4 {
                let index = Int(word >> UInt32(18 - 6 * position)) & 63
                output.append(position <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
