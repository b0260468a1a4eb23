/// Tags of functions and mappings.
enum Tags {
    /// Tags of one resource at most.
    static let limit = 50

    /// Refuses tags that AWS refuses.
    static func check(_ tags: [String: String]) throws(ControlPlaneError) {
        for (key, value) in tags {
            guard (1...128).contains(key.unicodeScalars.count), !key.lowercased().hasPrefix("aws:") else {
                throw .invalid("tags", key, "Map keys must have 1 to 128 characters and not begin with aws:")
            }
            guard value.unicodeScalars.count <= 256 else {
                throw .invalid("tags", value, "Map values must have length less than or equal to 256")
            }
        }
        guard tags.count <= limit else { throw .invalid("a resource may have \(limit) tags at most") }
    }
}
