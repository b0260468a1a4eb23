import COpenSSL

/// Digests and authentication codes, all computed by libcrypto.
public enum Hash {
    /// SHA-256 (FIPS 180-4): 32 bytes.
    public static func sha256(_ message: [UInt8]) -> [UInt8] { digest(message, EVP_sha256()) }

    /// SHA-1: 20 bytes. For the names of cache files alone, which other programs chose so.
    static func sha1(_ message: [UInt8]) -> [UInt8] { digest(message, EVP_sha1()) }

    /// HMAC with SHA-256 (RFC 2104): 32 bytes.
    static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let result = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &count)
        precondition(result != nil && count == 32, "libcrypto cannot compute HMAC-SHA256")
        return code
    }

    private static func digest(_ message: [UInt8], _ algorithm: OpaquePointer?) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let status = EVP_Digest(message, message.count, &code, &count, algorithm, nil)
        // It fails where memory is out, or a policy of the system forbids the algorithm: no request is possible then.
        precondition(status == 1, "libcrypto cannot compute a digest")
        return Array(code[..<Int(count)])
    }
}
