/// A named field of a line that is read by position.
struct Column: Sendable, Hashable {
    var name: String
    /// What its number is divided by; a division is rounded once where a factor could not be exact.
    var divisor: Double
    /// Whether it is a request line, which gives method, path and protocol.
    var isRequest: Bool { name == "request" }

    /// A name that ends in `_us` or `_ms` stands for one without that ending, in seconds.
    init(_ name: String) {
        if name.utf8.count > 3, name.hasSuffix("_us") {
            self.name = String(name.dropLast(3))
            divisor = 1e6
        } else if name.utf8.count > 3, name.hasSuffix("_ms") {
            self.name = String(name.dropLast(3))
            divisor = 1e3
        } else {
            self.name = name
            divisor = 1
        }
    }

    /// A name of the line's own, taken as it is.
    init(literal name: String) {
        self.name = name
        divisor = 1
    }
}
