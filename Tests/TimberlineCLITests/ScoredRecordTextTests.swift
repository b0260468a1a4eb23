import Testing

@testable import TimberlineCLI

@Suite struct ScoredRecordTextTests {
    @Test(
        "a text is shown up to the limit, without what moves a terminal's cursor",
        arguments: [
            ("", ""), ("abcd", "abcd"), ("abcde", "abcd…"), ("a\tb", "a b"), ("ab\u{1b}[1m", "ab […"),
            ("abc\u{7f}", "abc "), ("a\r\nb", "a b"), ("äöüß", "äöüß"), ("äöüßx", "äöüß…"),
            ("a\u{85}b", "a b"),
            // A mark belongs to the letter before it, also where that is the last one shown.
            ("abcd\u{301}", "abcd\u{301}"), ("abcd\u{301}e", "abcd\u{301}…"),
        ]
    )
    func printable(_ text: String, _ shown: String) {
        #expect(ScoredRecordText.printable(text, limit: 4) == shown)
    }
}
