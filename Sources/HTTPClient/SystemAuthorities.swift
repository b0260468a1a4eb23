#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where systems keep the authorities that they trust. A program that was linked on one distribution may run on another,
/// as the Lambda function does.
enum SystemAuthorities {
    /// Of Debian, Fedora and Amazon Linux, openSUSE, Alpine.
    static let places = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// The first file that can be read.
    static func first(of paths: [String]) -> String? { paths.first { access($0, R_OK) == 0 } }
}
