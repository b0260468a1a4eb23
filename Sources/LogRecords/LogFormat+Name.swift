/// The text form of a format, as users write it: `json`, `cri+json`, `combined:request_time,upstream`,
/// `csv:time,value`, `docker+text`.
extension LogFormat {
    public var name: String {
        container == .none ? body.name : container.rawValue + "+" + body.name
    }

    /// Reads a name; nil if it is none. Any format comes back from its own name.
    public init?(name: String) {
        let parts = name.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, let container = Container(rawValue: String(parts[0])), container != .none {
            guard let body = Body(name: String(parts[1])) else { return nil }
            self.init(body, in: container)
        } else {
            guard let body = Body(name: name) else { return nil }
            self.init(body)
        }
    }

    /// The names without columns, for help texts.
    public static let bodyNames =
        [
            "json", "logfmt", "common", "combined", "vhost-combined", "ingress-nginx", "haproxy", "key-value",
            "text",
        ]
        + DelimitedPreset.all.map(\.name) + DelimitedLayout.Dialect.allCases.map(\.rawValue)
}

extension LogFormat.Body {
    var name: String {
        switch self {
        case .json: return "json"
        case .logfmt: return "logfmt"
        case .haproxy: return "haproxy"
        case .keyValue: return "key-value"
        case .text: return "text"
        case .access(let layout):
            if layout == .ingressNginx { return "ingress-nginx" }
            return (layout.hasVirtualHost ? "vhost-combined" : "combined") + ColumnNames.suffix(layout.extras)
        case .delimited(let layout):
            if let preset = DelimitedPreset.all.first(where: { $0.layout == layout }) {
                return preset.name
            }
            return layout.dialect.rawValue + ColumnNames.suffix(layout.columns)
        }
    }

    init?(name: String) {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let columns: [String]
        if parts.count == 2 {
            guard let names = ColumnNames.parse(String(parts[1])) else { return nil }
            columns = names
        } else {
            columns = []
        }
        switch String(parts[0]) {
        case "json" where columns.isEmpty: self = .json
        case "logfmt" where columns.isEmpty: self = .logfmt
        case "haproxy" where columns.isEmpty: self = .haproxy
        case "key-value" where columns.isEmpty: self = .keyValue
        case "text" where columns.isEmpty: self = .text
        case "ingress-nginx" where columns.isEmpty: self = .access(.ingressNginx)
        case "common", "combined": self = .access(AccessLayout(extras: columns))
        case "vhost-combined": self = .access(AccessLayout(extras: columns, hasVirtualHost: true))
        case let other:
            if columns.isEmpty, let preset = DelimitedPreset.all.first(where: { $0.name == other }) {
                self = .delimited(preset.layout)
            } else if let dialect = DelimitedLayout.Dialect(rawValue: other) {
                self = .delimited(DelimitedLayout(dialect, columns: columns))
            } else {
                return nil
            }
        }
    }
}

/// Column names within a format's name: joined by commas; `%`, `,` and control bytes as `%XX`.
enum ColumnNames {
    static func suffix(_ names: [String]) -> String {
        names.isEmpty ? "" : ":" + names.map(encode).joined(separator: ",")
    }

    private static func encode(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            if scalar.value < 0x20 || scalar == "%" || scalar == "," {
                let digits = String(scalar.value, radix: 16)
                text += digits.count == 1 ? "%0" + digits : "%" + digits
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Nil if a `%` is not followed by two hexadecimal digits or the result is not UTF-8.
    static func parse(_ text: String) -> [String]? {
        var names: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            var bytes: [UInt8] = []
            var rest = Array(part.utf8)[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "%") else {
                    bytes.append(byte)
                    continue
                }
                guard let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue else {
                    return nil
                }
                bytes.append(UInt8(high << 4 | low))
            }
            guard let name = String(validating: bytes, as: UTF8.self) else { return nil }
            names.append(name)
        }
        return names
    }
}

extension LogFormat: CustomStringConvertible {
    public var description: String { name }
}

extension LogFormat: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let format = LogFormat(name: name) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "unknown log format '\(name)'"
            )
        }
        self = format
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
