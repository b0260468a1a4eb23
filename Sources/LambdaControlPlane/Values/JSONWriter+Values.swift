import JSONText
import Telemetry

extension JSONWriter {
    /// A value of a tree, the members of objects in the order of their keys.
    mutating func value(_ key: String? = nil, _ value: JSONValue) {
        switch value {
        case .null: string(key, nil)
        case .boolean(let value): boolean(key, value)
        case .integer(let number): integer(key, number)
        case .double(let number): self.number(key, number)
        case .string(let text): string(key, text)
        case .array(let elements): array(key) { json in for element in elements { json.value(nil, element) } }
        case .object(let members):
            object(key) { json in
                for (name, member) in members.sorted(by: { $0.key < $1.key }) { json.value(name, member) }
            }
        }
    }

    mutating func texts(_ key: String, _ texts: [String: String]) {
        object(key) { json in
            for (name, text) in texts.sorted(by: { $0.key < $1.key }) { json.string(name, text) }
        }
    }

    mutating func strings(_ key: String, _ strings: some Sequence<String>) {
        array(key) { json in for text in strings { json.string(nil, text) } }
    }

    /// Seconds since 1970 with their fraction, as timestamps are in Lambda's bodies.
    mutating func seconds(_ key: String, milliseconds: Int64) {
        number(key, Double(milliseconds) / 1_000)
    }
}
