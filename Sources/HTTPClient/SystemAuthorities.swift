import CCurl

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where this system keeps the authorities that it trusts. A program that was linked on one distribution may run on
/// another, as the Lambda function does.
enum SystemAuthorities {
    /// Nil where none is there.
    static let file: String? = first(of: builtIn + places)

    /// libcurl's own.
    private static var builtIn: [String] {
        guard let path = curl_version_info(CURLVERSION_EIGHTH)?.pointee.cainfo else { return [] }
        return [String(cString: path)]
    }

    /// Of Debian, Fedora and Amazon Linux, openSUSE, Alpine.
    private static let places = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// The first file that can be read.
    static func first(of paths: [String]) -> String? { paths.first { access($0, R_OK) == 0 } }
}
