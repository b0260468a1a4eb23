import HTTPClient
import Telemetry

/// Which buckets are in other regions than the user's, as S3 has said; shared by all calls of a client.
final class BucketRegions: Sendable {
    private let regions = Locked<[String: String]>([:])

    /// Buckets that are remembered; then it is begun anew.
    private static let limit = 1_000

    subscript(bucket: String) -> String? { regions.withLock { $0[bucket] } }

    /// Learns from an answer that is no success.
    ///
    /// - Parameter region: that the request was signed for.
    /// - Returns: whether the bucket is elsewhere; the same call may succeed there.
    func learn(_ bucket: String?, from answer: HTTPClient.Response, errorCode: String?, region: String)
        -> Bool
    {
        // The statuses of a redirection, and what a signature for another region is answered with.
        let isElsewhere =
            [301, 302, 307].contains(answer.status)
            || ["AuthorizationHeaderMalformed", "IllegalLocationConstraintException"].contains(errorCode)
        guard let bucket, isElsewhere, let place = answer["x-amz-bucket-region"], place != region else {
            return false
        }
        regions.withLock { regions in
            if regions.count >= Self.limit { regions = [:] }
            regions[bucket] = place
        }
        return true
    }
}
