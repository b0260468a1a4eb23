extension ParsedRecord {
    /// Appends the numbers that stand in the message, in order, at most `limit`; returns how many.
    ///
    /// Skipped is what only looks like a number: times and dates, IP addresses, versions, hexadecimal
    /// ids, UUIDs, and digits within names (`node-7`, `v2`). A unit that follows is taken into
    /// account: `K`, `M`, `G` multiply by powers of 1,024, and `ms`, `us`, `ns`, `min` and their long
    /// forms give seconds. Time linear in the message.
    @discardableResult
    public func appendNumbers(to numbers: inout [Double], limit: Int) -> Int {
        guard let message else { return 0 }
        return appendNumbers(in: message, to: &numbers, limit: limit)
    }

    /// Appends the numbers of `range` of the text; see ``appendNumbers(to:limit:)``.
    @discardableResult
    public func appendNumbers(in range: Range<Int>, to numbers: inout [Double], limit: Int) -> Int {
        withPaddedText { text in
            var scanner = MessageNumbers(
                text: text,
                index: range.lowerBound,
                end: min(range.upperBound, text.count)
            )
            var count = 0
            while count < limit, let number = scanner.next() {
                numbers.append(number)
                count += 1
            }
            return count
        }
    }
}
