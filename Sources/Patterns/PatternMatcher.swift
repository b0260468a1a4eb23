import CPCRE2

/// Matches a pattern against lines, one after the other, without allocating.
///
/// A value with its own scratch memory; a copy gets its own when it first matches.
public struct PatternMatcher: Sendable {
    public let pattern: Pattern
    private var scratch: MatchScratch

    public init(_ pattern: Pattern) throws(PatternError) {
        self.pattern = pattern
        scratch = try MatchScratch(pattern)
    }

    /// Whether the pattern matches somewhere in `bytes`; the groups can then be asked for.
    ///
    /// - Throws: ``PatternError`` with `limitExceeded` if the match takes more than the pattern's limits.
    public mutating func match(_ bytes: UnsafeBufferPointer<UInt8>) throws(PatternError) -> Bool {
        if !isKnownUniquelyReferenced(&scratch) { scratch = try MatchScratch(pattern) }
        return try scratch.match(pattern, bytes)
    }

    /// Matches bytes given as an array; for tests and small jobs.
    public mutating func match(_ bytes: [UInt8]) throws(PatternError) -> Bool {
        try bytes.withUnsafeBufferPointer { bytes throws(PatternError) in try match(bytes) }
    }

    /// The bytes of the last match's named group number `index` in ``Pattern/names``, or nil if it took no
    /// part or there was no match.
    public func range(ofName index: Int) -> Range<Int>? {
        scratch.range(ofGroup: pattern.groups[index])
    }

    /// The bytes of the last match's group, 0 being the whole match.
    public func range(ofGroup group: Int) -> Range<Int>? {
        scratch.range(ofGroup: group)
    }
}

/// The library's memory for a match.
///
/// Sendable because only a matcher's `match` changes it, and only where that matcher is its sole owner;
/// all else reads.
private final class MatchScratch: @unchecked Sendable {
    private let data: OpaquePointer
    private let context: OpaquePointer
    private let stack: OpaquePointer?
    private var groupCount = 0

    init(_ pattern: Pattern) throws(PatternError) {
        guard let data = pcre2_match_data_create_from_pattern_8(pattern.code.code, nil) else {
            throw PatternError(.failed, "no memory for a match")
        }
        guard let context = pcre2_match_context_create_8(nil) else {
            pcre2_match_data_free_8(data)
            throw PatternError(.failed, "no memory for a match")
        }
        self.data = data
        self.context = context
        pcre2_set_match_limit_8(context, pattern.limits.steps)
        pcre2_set_heap_limit_8(context, pattern.limits.heapKibibytes)
        stack = pattern.isCompiled ? pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil) : nil
        if let stack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        if let stack { pcre2_jit_stack_free_8(stack) }
    }

    func match(_ pattern: Pattern, _ bytes: UnsafeBufferPointer<UInt8>) throws(PatternError) -> Bool {
        groupCount = 0
        var empty: UInt8 = 0
        let result = withUnsafePointer(to: &empty) { empty in
            pcre2_match_8(pattern.code.code, bytes.baseAddress ?? empty, bytes.count, 0, 0, data, context)
        }
        if result > 0 {
            groupCount = Int(result)
            return true
        }
        switch result {
        case PCRE2_ERROR_NOMATCH:
            return false
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT,
            PCRE2_ERROR_JIT_STACKLIMIT:
            throw PatternError(
                .limitExceeded,
                "the pattern takes more than \(pattern.limits.steps) steps or \(pattern.limits.heapKibibytes) KiB on a"
                    + " line of \(bytes.count) bytes: \(CompiledPattern.message(result))"
            )
        default:
            throw PatternError(.failed, "matching failed: \(CompiledPattern.message(result))")
        }
    }

    func range(ofGroup group: Int) -> Range<Int>? {
        guard group >= 0, group < groupCount, let offsets = pcre2_get_ovector_pointer_8(data) else {
            return nil
        }
        let start = offsets[group * 2]
        let end = offsets[group * 2 + 1]
        // An unset group is all ones; `\K` in a lookahead can put the start behind the end.
        guard start != Int(bitPattern: UInt.max), start <= end else { return nil }
        return start..<end
    }
}
