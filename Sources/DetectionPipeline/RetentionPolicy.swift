/// How long results are kept, and how much of them.
public struct RetentionPolicy: Sendable, Hashable {
    /// Nil: for ever.
    public var maximumAge: Duration?
    /// Nil: without a bound.
    public var maximumBytes: Int?

    public init(maximumAge: Duration? = nil, maximumBytes: Int? = nil) {
        self.maximumAge = maximumAge
        self.maximumBytes = maximumBytes
    }

    /// One of several things that are kept or removed whole: a file, a checkpoint.
    public struct Item: Sendable, Hashable {
        /// The time of the newest that it holds, milliseconds since 1970.
        public var newestMilliseconds: Int64
        public var bytes: Int

        public init(newestMilliseconds: Int64, bytes: Int) {
            self.newestMilliseconds = newestMilliseconds
            self.bytes = bytes
        }
    }

    /// What is older is not kept; nil where nothing is too old.
    ///
    /// - Parameter now: milliseconds since 1970.
    public func oldestKeptMilliseconds(at now: Int64) -> Int64? {
        maximumAge.map { age in
            let (seconds, attoseconds) = age.components
            return now - seconds * 1_000 - attoseconds / 1_000_000_000_000_000
        }
    }

    /// How many of `items`, which are in order from the oldest, are to be removed: those that are too
    /// old, then as many as it takes until the rest fits. O(n).
    ///
    /// - Parameter now: milliseconds since 1970.
    public func removalCount(of items: [Item], at now: Int64) -> Int {
        let oldest = oldestKeptMilliseconds(at: now) ?? .min
        var count = items.prefix { $0.newestMilliseconds < oldest }.count
        guard let maximumBytes else { return count }
        var bytes = items[count...].reduce(0) { $0 + $1.bytes }
        while bytes > maximumBytes, count < items.count {
            bytes -= items[count].bytes
            count += 1
        }
        return count
    }
}
