/// What somebody may have meant by a property that librdkafka does not know.
enum PropertyHints {
    static func hint(for name: String, known: [String]) -> String? {
        if let own = javaHint(for: name) { return own }
        let nearest = known.map { (name: $0, distance: editDistance($0, name)) }.min {
            $0.distance < $1.distance
        }
        guard let nearest, nearest.distance <= max(2, name.utf8.count / 5) else { return nil }
        return "did you mean \(nearest.name)?"
    }

    /// For names that only the Java client has; librdkafka knows some of them
    /// just to refuse them.
    static func javaHint(for name: String) -> String? {
        javaNames[name].map { "that is the Java client's name; librdkafka has \($0)" }
    }

    private static let javaNames: [String: String] = [
        "sasl.jaas.config": "sasl.username and sasl.password",
        "ssl.truststore.location": "ssl.ca.location, a PEM file",
        "ssl.truststore.password": "no password for ssl.ca.location, a PEM file",
        "ssl.truststore.type": "ssl.ca.location, a PEM file",
        "ssl.truststore.certificates": "ssl.ca.pem",
        "ssl.keystore.type": "ssl.certificate.location and ssl.key.location, PEM files",
        "max.poll.records": "nothing like it: the batch size is the caller's",
        "sasl.login.callback.handler.class": "a token refresh hook in its place",
        "sasl.client.callback.handler.class": "a token refresh hook in its place",
        "key.deserializer": "none: keys are bytes",
        "value.deserializer": "none: values are bytes",
        "buffer.memory": "queue.buffering.max.kbytes",
        "request.timeout.ms": "socket.timeout.ms for all requests",
        "default.api.timeout.ms": "socket.timeout.ms",
        "max.request.size": "message.max.bytes",
    ]

    /// Levenshtein's distance in bytes; O(n·m).
    static func editDistance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
