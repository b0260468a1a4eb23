/// A random UUID (RFC 9562, version 4) in lower case, as requests, revisions and mappings have it.
public func randomUUID() -> String {
    var generator = SystemRandomNumberGenerator()
    return randomUUID(using: &generator)
}

/// The same, by a generator of the caller's.
public func randomUUID(using generator: inout some RandomNumberGenerator) -> String {
    let high = generator.next() & 0xffff_ffff_ffff_0fff | 0x4000
    let low = generator.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    func digits(_ number: UInt64, _ count: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: count - text.utf8.count) + text
    }
    return [
        digits(high >> 32, 8), digits(high >> 16 & 0xffff, 4), digits(high & 0xffff, 4), digits(low >> 48, 4),
        digits(low & 0xffff_ffff_ffff, 12),
    ].joined(separator: "-")
}
