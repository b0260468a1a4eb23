/// How the length of a request's body is given.
///
/// Requests that two programs could cut differently are refused (RFC 9112, section 6.3): behind a proxy
/// that reads the other length, the rest of a body would be taken for a request of somebody else.
enum BodyFraming: Equatable {
    case none
    case length(UInt64)
    case chunked
    /// With the reason.
    case contradictory(String)

    init(_ headers: HTTPHeaders) {
        // "Content-Length : 3" is a length to some, and nothing to others.
        guard headers.fields.allSatisfy({ !$0.name.utf8.contains { $0 <= 0x20 } }) else {
            self = .contradictory("a space in the name of a header field")
            return
        }
        let lengths = headers.values(of: "Content-Length")
        let encodings = headers.values(of: "Transfer-Encoding")
        switch (lengths.count, encodings.count) {
        case (0, 0): self = .none
        case (1, 0):
            let digits = lengths[0]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = UInt64(digits) else {
                self = .contradictory("Content-Length is no number")
                return
            }
            self = .length(length)
        case (0, 1):
            self =
                encodings[0].isEqualIgnoringCase(to: "chunked")
                ? .chunked : .contradictory("the only Transfer-Encoding here is chunked")
        case (_, 0): self = .contradictory("more than one Content-Length")
        case (0, _): self = .contradictory("more than one Transfer-Encoding")
        default: self = .contradictory("Content-Length together with Transfer-Encoding")
        }
    }
}
