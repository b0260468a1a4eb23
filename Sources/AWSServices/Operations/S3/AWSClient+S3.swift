import HTTPClient

extension AWSClient {
    /// Reads an object part by part, and never holds more of it than a part.
    ///
    /// Where the connection is lost on the way, reading goes on behind the last byte, as long as the object is the same.
    ///
    /// - Parameters:
    ///   - versionID: of a bucket with versions; nil for the newest.
    ///   - entityTag: the object is only read while it has this tag.
    ///   - maximumBytes: of the whole object; a larger one is refused before its first byte.
    ///   - limit: time for all of it; nil for none. An answer that is silent for the client's time limit is asked for
    ///     again.
    ///   - receive: takes each part, which is valid during the call; an error ends the reading and is thrown on.
    public func readObject(
        _ place: S3.Place,
        versionID: String? = nil,
        entityTag: String? = nil,
        maximumBytes: Int64 = .max,
        within limit: Duration? = nil,
        _ receive: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var reading = S3.PartialRead(
            place,
            versionID: versionID,
            entityTag: entityTag,
            maximumBytes: maximumBytes
        )
        var attempts = Attempts(self, reading.title, within: limit)
        var stop: (any Error)?
        while true {
            let start = reading.offset
            do throws(AttemptFailure) {
                let timeout = try asFailure { () throws(AWSError) in try attempts.timeLeft() }
                var hasBegun = false
                _ = try exchange(reading, timeout: timeout) { request throws(HTTPClientError) in
                    try http.stream(request) { head, part in
                        do {
                            if !hasBegun { try reading.begin(head) }
                            hasBegun = true
                            reading.offset += Int64(part.count)
                            try receive(part)
                            return true
                        } catch {
                            stop = error
                            return false
                        }
                    }
                }
                attempts.succeeded()
                return
            } catch {
                if let stop { throw stop }
                if reading.offset > start { attempts.progressed() }
                try attempts.failed(error)
            }
        }
    }
}
