import JSONText
public import LocalLambdaModel
import SystemFiles
import Telemetry

/// Secrets in a file: a JSON object whose keys are ARNs or names, and whose values are the secrets, each a text or an
/// object. Read at each use, so that a changed secret needs no restart.
public struct SecretFile: SecretReading {
    private let path: String

    /// Bytes of a file at most.
    private static let limit = 1 << 20

    public init(path: String) {
        self.path = path
    }

    public func secret(_ id: String) throws(KafkaConnectionError) -> String {
        let bytes = try read()
        let secrets: JSONValue
        do throws(JSONError) {
            secrets = try JSONValue(bytes)
        } catch {
            throw KafkaConnectionError(.malformedSecret, "secrets \(path): not JSON: \(error)")
        }
        for name in Self.names(of: id) {
            switch secrets[name] {
            case .string(let text): return text
            case .object(let members): return Self.text(of: members)
            case nil: continue
            default:
                throw KafkaConnectionError(
                    .malformedSecret,
                    "secrets \(path): \(name) is neither text nor object"
                )
            }
        }
        throw KafkaConnectionError(.unreadableSecret, "secrets \(path): there is no \(id)")
    }

    /// The ARN, and the names that it may stand for: Secrets Manager adds a hyphen and six characters to a name.
    static func names(of id: String) -> [String] {
        let parts = id.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7, parts[0] == "arn", parts[5] == "secret" else { return [id] }
        let name = String(parts[6])
        guard name.utf8.count > 7, name.dropLast(6).last == "-" else { return [id, name] }
        return [id, name, String(name.dropLast(7))]
    }

    private static func text(of members: [String: JSONValue]) -> String {
        var json = JSONWriter()
        json.object { json in
            for (key, value) in members.sorted(by: { $0.key < $1.key }) { json.string(key, value.string) }
        }
        return json.text
    }

    private func read() throws(KafkaConnectionError) -> [UInt8] {
        do throws(SystemError) {
            return try FileSystem.bytes(of: path, limit: Self.limit)
        } catch {
            throw error.isTooLarge
                ? KafkaConnectionError(.malformedSecret, "secrets \(path): more than \(Self.limit) bytes")
                : KafkaConnectionError(.unreadableSecret, "secrets \(path): \(error.reason)")
        }
    }
}
