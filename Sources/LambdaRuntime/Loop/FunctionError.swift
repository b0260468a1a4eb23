import Telemetry

/// A failure as the invoker sees it.
public struct FunctionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `Category.Reason`.
    public let type: String
    public let message: String

    public init(type: String, message: String) {
        self.type = type
        self.message = message
    }

    /// Any error of a handler.
    init(_ error: any Error) {
        self = error as? FunctionError ?? FunctionError(type: "Function.Failed", message: "\(error)")
    }

    public var description: String { message }

    /// What Lambda takes: valid JSON whatever the message holds, bounded, as the invoker gets no longer one.
    var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.string("errorMessage", String(message.prefix(Self.messageLimit)))
            json.string("errorType", type)
            json.array("stackTrace") { _ in }
        }
        return Array(json.text.utf8)
    }

    /// The type where only a header field's characters are allowed.
    var fieldValue: String {
        String(String.UnicodeScalarView(type.unicodeScalars.filter { (0x21..<0x7f).contains($0.value) }))
    }

    /// Characters. A quarter of a megabyte holds them all, whatever they are.
    static let messageLimit = 16_384
}
