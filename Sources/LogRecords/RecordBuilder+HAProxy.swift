/// HAProxy's HTTP and TCP logs: `client:port [time] frontend backend/server Tq/Tw/Tc/Tr/Tt status bytes
/// … "request"`, behind syslog's header or bare. Its other messages are text, with these fields null.
extension RecordBuilder {
    /// The keys behind those of plain text, in order; times in seconds.
    static let haproxyKeys = [
        "client", "frontend", "backend", "server", "queue_time", "connect_time", "response_time",
        "request_time",
        "status", "bytes", "termination", "method", "path", "protocol",
    ]

    mutating func parseHAProxy(from start: Int, _ carry: inout YearCarry) {
        // Without syslog's header the line begins with the client, and the time that text finds first is
        // the one in brackets.
        parseText(from: start, &carry)
        let first = timestamp == nil || isClient(at: start) ? start : message?.lowerBound ?? start
        let position = count
        if appendHAProxy(from: first) { return }
        count = position
        for key in Self.haproxyKeys.indices {
            append(tableKey: Self.textKeys.count + key, first..<first, .null)
        }
    }

    /// Whether an address and a port begin there.
    private func isClient(at start: Int) -> Bool {
        let stop = text.firstIndex(of: 0x20, from: start, to: end)
        guard let colon = (start..<stop).last(where: { text[$0] == UInt8(ascii: ":") }), colon + 1 < stop
        else {
            return false
        }
        return (colon + 1..<stop).allSatisfy { text[$0].isDigit } && text[stop + 1] == UInt8(ascii: "[")
    }

    /// Reads one log line; false if it is another message.
    private mutating func appendHAProxy(from start: Int) -> Bool {
        guard isClient(at: start) else { return false }
        var index = text.firstIndex(of: 0x20, from: start, to: end)
        let client = start..<index
        guard let time = CalendarTime.scan(text, at: index + 2), text[time.end] == UInt8(ascii: "]"),
            text[time.end + 1] == 0x20
        else { return false }
        index = time.end + 2
        let frontend = word(&index)
        let route = word(&index)
        let slash = text.firstIndex(of: UInt8(ascii: "/"), from: route.lowerBound, to: route.upperBound)
        guard slash < route.upperBound, let timers = timers(word(&index)),
            timers.count == 5 || timers.count == 3
        else {
            return false
        }
        timestamp = time.nanoseconds ?? timestamp
        append(haproxyKey: 0, client)
        append(haproxyKey: 1, frontend)
        append(haproxyKey: 2, route.lowerBound..<slash)
        append(haproxyKey: 3, (slash + 1)..<route.upperBound)
        appendTimers(timers)
        let isHTTP = timers.count == 5
        append(haproxyKey: 8, isHTTP ? word(&index) : index..<index)
        append(haproxyKey: 9, word(&index))
        if isHTTP {
            // The two captured cookies.
            _ = word(&index)
            _ = word(&index)
        }
        append(haproxyKey: 10, word(&index))
        appendHAProxyRequest(from: index)
        return true
    }

    private mutating func append(haproxyKey key: Int, _ cell: Range<Int>) {
        append(tableKey: Self.textKeys.count + key, cell: cell)
    }

    /// The bytes up to the next blank, without a sign that says the request went on.
    private func word(_ index: inout Int) -> Range<Int> {
        let start = text[index] == UInt8(ascii: "+") ? index + 1 : index
        let stop = text.firstIndex(of: 0x20, from: start, to: end)
        index = min(stop + 1, end)
        return start..<stop
    }

    /// Up to six times in milliseconds, in place.
    private struct Timers {
        var count = 0
        var ranges: [6 of Range<Int>] = .init(repeating: 0..<0)
        var values: [6 of Double] = .init(repeating: 0)
    }

    /// `10/0/30/69/109` as milliseconds; -1 stands for what did not happen.
    private func timers(_ cell: Range<Int>) -> Timers? {
        var timers = Timers()
        var index = cell.lowerBound
        while index < cell.upperBound, timers.count < 6 {
            if text[index] == UInt8(ascii: "+") { index += 1 }
            let number = DecimalNumber.scan(text, from: index, to: cell.upperBound)
            guard number.end > index, number.end == cell.upperBound || text[number.end] == UInt8(ascii: "/")
            else {
                return nil
            }
            timers.ranges[timers.count] = index..<number.end
            timers.values[timers.count] = number.value
            timers.count += 1
            index = number.end + 1
        }
        return timers
    }

    /// HTTP has the request's, queue, connect, response and total times; TCP queue, connect and total.
    private mutating func appendTimers(_ timers: Timers) {
        let order: [4 of Int] = timers.count == 5 ? [1, 2, 3, 4] : [0, 1, -1, 2]
        for offset in 0..<4 {
            let index = order[offset]
            let key = Self.textKeys.count + 4 + offset
            if index < 0 || timers.values[index] < 0 {
                append(tableKey: key, end..<end, .null)
            } else {
                append(tableKey: key, timers.ranges[index], .number, number: timers.values[index] / 1e3)
            }
        }
    }

    /// The last quoted text of the line, as method, path and protocol.
    private mutating func appendHAProxyRequest(from start: Int) {
        let quote = text.firstIndex(of: UInt8(ascii: "\""), from: start, to: end)
        var stop = end
        while stop > quote + 1, text[stop - 1] != UInt8(ascii: "\"") { stop -= 1 }
        let cell = min(quote + 1, end)..<max(stop - 1, min(quote + 1, end))
        let first = text.firstIndex(of: 0x20, from: cell.lowerBound, to: cell.upperBound)
        let second = text.firstIndex(of: 0x20, from: min(first + 1, cell.upperBound), to: cell.upperBound)
        append(haproxyKey: 11, cell.lowerBound..<first)
        append(haproxyKey: 12, min(first + 1, cell.upperBound)..<second)
        append(haproxyKey: 13, min(second + 1, cell.upperBound)..<cell.upperBound)
    }
}
