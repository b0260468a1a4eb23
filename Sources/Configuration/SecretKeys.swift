/// Which values are never printed.
public enum SecretKeys {
    /// What stands for a secret.
    public static let mask = "********"

    private static let words = [
        "password", "passwd", "passphrase", "secret", "token", "credential", "jaas",
        "api-key", "apikey", "access-key", "private-key", "key-pem",
    ]

    /// Whether a key, by its name, holds a secret: `sasl.password`, `clientSecret`, `ssl.key.pem`.
    public static func contains(_ key: String) -> Bool {
        let folded = String(key.lowercased().map { "._ ".contains($0) ? "-" : $0 })
        return words.contains { folded.contains($0) }
    }

    /// `text` with the password of every address in it masked: `https://user:********@host`.
    public static func masked(_ text: String) -> String {
        guard text.contains("://"), text.contains("@") else { return text }
        return text.split(separator: ",", omittingEmptySubsequences: false)
            .map(maskedAddress).joined(separator: ",")
    }

    private static func maskedAddress(_ text: Substring) -> String {
        let characters = Array(text)
        guard
            let scheme = characters.indices.dropLast(2).first(where: { characters[$0...].starts(with: "://") }
            )
        else { return String(text) }
        let start = scheme + 3
        let authority = characters[start...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":")
        else { return String(text) }
        return String(characters[...colon]) + mask + String(characters[at...])
    }
}
