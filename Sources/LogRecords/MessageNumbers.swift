/// Walks the numbers of a message.
struct MessageNumbers {
    let text: PaddedBytes
    var index: Int
    let end: Int

    mutating func next() -> Double? {
        while index < end {
            guard Self.isRunByte(text[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < end, Self.isRunByte(text[index]) { index += 1 }
            // `\042` is an escaped quote.
            if start > 0, text[start - 1] == UInt8(ascii: "\\") { continue }
            if let number = number(inRun: start..<index) { return number }
        }
        return nil
    }

    /// Letters, digits and what joins them to addresses, times, paths and ids.
    private static func isRunByte(_ byte: UInt8) -> Bool {
        if byte.isWordByte { return true }
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"):
            return true
        default: return false
        }
    }

    private mutating func number(inRun run: Range<Int>) -> Double? {
        var stop = run.upperBound
        while stop > run.lowerBound, Self.isTrailing(text[stop - 1]) { stop -= 1 }
        var start = run.lowerBound
        while start < stop, Self.isLeading(text[start]) { start += 1 }
        if start < stop, text[start].isLetter {
            // `time:0.24`, `took/35`: a name, then a number.
            var next = start
            while next < stop, text[next].isLetter || text[next] == UInt8(ascii: "_") { next += 1 }
            guard next < stop, text[next] == UInt8(ascii: ":") else { return nil }
            start = next + 1
        }
        // `3.0M->2.5M`: an arrow is no sign.
        let number = DecimalNumber.scan(text, from: start, to: stop)
        guard number.end > start, number.value.isFinite else { return nil }
        let unit = number.end..<stop
        if unit.isEmpty { return number.value * scaleOfNextWord(from: run.upperBound) }
        guard let scale = Self.scale(ofUnit: unit, in: text) else { return nil }
        return number.value * scale
    }

    private static func isLeading(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "#") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: "@")
    }

    private static func isTrailing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#")
    }

    /// The scale of a unit of time that stands as a word of its own behind the number.
    private func scaleOfNextWord(from start: Int) -> Double {
        guard start < end, text[start] == 0x20 else { return 1 }
        var stop = start + 1
        while stop < end, text[stop].isLetter, stop - start <= 13 { stop += 1 }
        guard stop - start >= 3, stop >= end || !text[stop].isWordByte else { return 1 }
        switch String(
            decoding: UnsafeBufferPointer(start: text.base + start + 1, count: stop - start - 1),
            as: UTF8.self
        )
        {
        case "ms", "msec", "msecs", "millis", "milliseconds": return 1e-3
        case "us", "usec", "usecs", "micros", "microseconds": return 1e-6
        case "ns", "nanos", "nanoseconds": return 1e-9
        case "minutes", "minute": return 60
        case "KB", "kB", "KiB": return 1024
        case "MB", "MiB": return 1_048_576
        case "GB", "GiB": return 1_073_741_824
        default: return 1
        }
    }

    /// The scale of a unit that follows the number without a blank; nil if it is none.
    private static func scale(ofUnit range: Range<Int>, in text: PaddedBytes) -> Double? {
        guard range.count <= 5 else { return nil }
        var word: UInt64 = 0
        for (offset, index) in range.enumerated() { word |= UInt64(text[index]) << UInt64(offset * 8) }
        switch word {
        case code("ms"), code("msec"), code("msecs"): return 1e-3
        case code("us"), code("µs"), code("usec"), code("usecs"): return 1e-6
        case code("ns"), code("nsec"): return 1e-9
        case code("s"), code("sec"), code("secs"), code("%"), code("x"), code("B"), code("b"), code("bytes"):
            return 1
        case code("m"), code("min"), code("mins"): return 60
        case code("h"): return 3600
        case code("d"): return 86_400
        case code("k"), code("K"), code("kB"), code("KB"), code("KiB"), code("Ki"): return 1024
        case code("M"), code("MB"), code("MiB"), code("Mi"): return 1_048_576
        case code("G"), code("GB"), code("GiB"), code("Gi"): return 1_073_741_824
        case code("T"), code("TB"), code("TiB"): return 1_099_511_627_776
        default: return nil
        }
    }

    @inline(__always)
    private static func code(_ text: StaticString) -> UInt64 {
        var code: UInt64 = 0
        for index in 0..<min(text.utf8CodeUnitCount, 8) {
            code |= UInt64(text.utf8Start[index]) &<< UInt64(index &* 8)
        }
        return code
    }
}
