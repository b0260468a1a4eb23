import Testing

@testable import AWSServices

/// The small readers of texts.
@Suite struct TextTests {
    @Test("times in each form that services use")
    func instants() {
        #expect(InstantText.httpDate("Wed, 21 Oct 2015 07:28:00 GMT") == 1_445_412_480_000)
        #expect(InstantText.httpDate("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800_000)
        #expect(InstantText.httpDate("Wed, 21 Oct 2015 07:28:00 CET") == nil)
        #expect(InstantText.rfc3339("2015-10-21T07:28:00Z") == 1_445_412_480_000)
        #expect(InstantText.rfc3339("2015-10-21T09:28:00.250+02:00") == 1_445_412_480_250)
        #expect(InstantText.rfc3339("2015-10-21T02:28:00-0500") == 1_445_412_480_000)
        #expect(InstantText.rfc3339("2015-10-21T07:28:00UTC") == 1_445_412_480_000)
        for text in [
            "2015-10-21", "2015-10-21T25:00:00Z", "2015-13-21T07:28:00Z", "x", "", "2015-10-21T07:28:00",
        ] {
            #expect(InstantText.rfc3339(text) == nil)
        }
        #expect(SigningTime(milliseconds: 1_445_412_480_999).text == "20151021T072800Z")
    }

    @Test("words as a shell cuts them")
    func words() {
        #expect(
            ShellWords.split(#"a  'b c' "d \"e\" \n" f\ g '' "" h"i"j"#) == [
                "a", "b c", #"d "e" \n"#, "f g", "", "", "hij",
            ]
        )
        #expect(ShellWords.split("") == [] && ShellWords.split(" \t ") == [])
        #expect(
            ShellWords.split("'a") == nil && ShellWords.split("a\\") == nil
                && ShellWords.split("\"a\\") == nil
        )
    }

    @Test("profiles with comments, nested lines and quoted names")
    func profiles() {
        let file = ProfileFile(
            """
            stray = 1
            [default]
            # a comment
            ; another
            Region = eu-west-1
            key=a=b # not a comment
            s3 =
              endpoint_url = http://x
              other=1
            last = 2
            [ profile "a  b" ]
            region=x
            [default]
            more = 3
            [broken
            lost = 1
            """
        )
        let main = file.sections["default"]
        #expect(
            main?.values == [
                "region": "eu-west-1", "key": "a=b # not a comment", "s3": "", "last": "2", "more": "3",
            ]
        )
        #expect(main?.nested == ["s3": ["endpoint_url": "http://x", "other": "1"]])
        #expect(file.sections["profile a b"]?.values == ["region": "x"])
        #expect(file.sections.count == 2)
    }

    @Test("XML with everything that answers hold")
    func xml() throws {
        let text = """
            <?xml version="1.0"?><!-- c --><r:Root xmlns:r="u" a='>'><A>x &amp; &lt;&#252;&#x1D11E;</A><B/><B>2</B>
            <C><![CDATA[<raw>&]]></C></r:Root>

            """
        let root = try #require(XMLElement(Array(text.utf8)))
        #expect(
            root.name == "Root" && root["A"]?.text == "x & <ü𝄞" && root["B"]?.text == ""
                && root.children.count == 4
        )
        #expect(root.firstDescendant("C")?.text == "<raw>&")
        for broken in [
            "", "<a>", "<a></b>", "<a/><b/>", "<a>&unknown;</a>", "<!DOCTYPE a><a/>", "text", "<a",
            "<a>&#xD800;</a>",
            String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65),
        ] {
            #expect(XMLElement(Array(broken.utf8)) == nil, "\(broken)")
        }
    }

    @Test("digests are those of the standards' examples")
    func digests() {
        #expect(
            Hash.sha256(Array("abc".utf8)).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(Hash.sha1(Array("abc".utf8)).hexadecimal == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            Hash.hmacSHA256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)).hexadecimal
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }
}
