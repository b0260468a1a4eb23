import HTTPClient
import Telemetry

/// How far the services' clock is ahead of this machine's, in milliseconds; shared by all calls of a client.
final class ClockSkew: Sendable {
    private let offset = Locked<Int64>(0)

    var milliseconds: Int64 { offset.withLock { $0 } }

    /// What services answer where the time of a signature is too far from theirs.
    private static let codes: Set<String> = [
        "AuthFailure", "InvalidSignatureException", "RequestExpired", "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ]

    /// Services take five minutes, some of them less.
    private static let tolerance: Int64 = 4 * 60_000

    /// Learns from an answer that refuses a signature.
    ///
    /// - Parameters:
    ///   - signedAt: the time in the signature.
    ///   - now: this machine's.
    /// - Returns: whether the signature's time was wrong; the same call may succeed with the new one.
    func correct(_ answer: HTTPClient.Response, errorCode: String?, signedAt: Int64, now: Int64) -> Bool {
        guard let errorCode, Self.codes.contains(errorCode),
            let date = answer["Date"].flatMap(InstantText.httpDate),
            abs(date - signedAt) > Self.tolerance
        else { return false }
        offset.withLock { $0 = date - now }
        return true
    }
}
