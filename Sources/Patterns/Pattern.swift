import CPCRE2

/// A regular expression of a user's (PCRE2's syntax), compiled to machine code.
///
/// Text is matched as UTF-8; bytes that are none match nothing and do no harm. A pattern is immutable
/// and may be shared between threads; each owner makes its own ``PatternMatcher``.
public struct Pattern: Sendable {
    /// What one match may use.
    public struct Limits: Sendable, Hashable {
        /// Steps of the matcher: about 0.3 ms on a pattern that explodes.
        public var steps: UInt32
        /// Memory for backtracking, in KiB.
        public var heapKibibytes: UInt32

        public init(steps: UInt32 = 1_000_000, heapKibibytes: UInt32 = 20_000) {
            self.steps = steps
            self.heapKibibytes = heapKibibytes
        }
    }

    /// The longest pattern, in bytes.
    public static let maximumLength = 65_536

    public let text: String
    public let limits: Limits
    /// The named groups, in the order in which they stand in the pattern.
    public let names: [String]
    /// Whether it runs as machine code; else it is interpreted, more slowly.
    public let isCompiled: Bool
    let code: CompiledPattern
    /// The number of each named group.
    let groups: [Int]

    public init(_ text: String, limits: Limits = Limits()) throws(PatternError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw PatternError(
                .invalidPattern,
                offset: Self.maximumLength,
                "the pattern is longer than \(Self.maximumLength) bytes"
            )
        }
        let code = try CompiledPattern(text)
        self.text = text
        self.limits = limits
        self.code = code
        isCompiled = code.isJIT
        let named = code.namedGroups()
        names = named.map(\.name)
        groups = named.map(\.number)
    }
}

/// The library's compiled form.
///
/// Sendable because it is never changed once made, and PCRE2 documents compiled patterns as safe to use
/// from several threads at once.
final class CompiledPattern: @unchecked Sendable {
    let code: OpaquePointer
    let isJIT: Bool

    init(_ text: String) throws(PatternError) {
        var error: Int32 = 0
        var offset = 0
        // Backslash C could split a character, which the UTF-8 mode must never see.
        let options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C
        let bytes = Array(text.utf8)
        let code = bytes.withUnsafeBufferPointer {
            pcre2_compile_8($0.baseAddress, bytes.count, options, &error, &offset, nil)
        }
        guard let code else {
            throw PatternError(
                .invalidPattern,
                offset: offset,
                "invalid pattern at byte \(offset): \(CompiledPattern.message(error))"
            )
        }
        self.code = code
        isJIT = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE)) == 0
    }

    deinit { pcre2_code_free_8(code) }

    /// The named groups, by number. The library's table holds two bytes of number, then the name.
    func namedGroups() -> [(name: String, number: Int)] {
        var count: UInt32 = 0
        var size: UInt32 = 0
        var table: UnsafePointer<UInt8>?
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard let table else { return [] }
        var groups: [(name: String, number: Int)] = []
        for index in 0..<Int(count) {
            let entry = table + index * Int(size)
            groups.append((String(cString: entry + 2), Int(entry[0]) << 8 | Int(entry[1])))
        }
        return groups.sorted { $0.number < $1.number }
    }

    static func message(_ error: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = pcre2_get_error_message_8(error, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<Int(count)], as: UTF8.self) : "error \(error)"
    }
}
