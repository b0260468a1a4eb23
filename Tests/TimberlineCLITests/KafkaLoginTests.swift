import AWSServices
import Foundation
import Glibc
import HTTPTestSupport
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

@Suite(.ownThread) struct KafkaLoginTests {
    private let credentials = AWSCredentials(accessKeyID: "AKID", secretAccessKey: "s", sessionToken: "t")

    @Test("the login of Amazon MSK brings the properties it needs, and keeps those that are given")
    func properties() {
        let properties = KafkaLogin.awsMSKIAM.applied(to: ["bootstrap.servers": "b:9098"])
        #expect(
            properties["security.protocol"] == "SASL_SSL" && properties["sasl.mechanism"] == "OAUTHBEARER"
        )
        #expect(properties.tokenProvider != nil && properties.withDefaults(["a": "b"]).tokenProvider != nil)
        #expect(properties.merging(["a": "b"]).tokenProvider != nil)
        let given = KafkaLogin.awsMSKIAM.applied(to: ["security.protocol": "SASL_PLAINTEXT"])
        #expect(given["security.protocol"] == "SASL_PLAINTEXT")
    }

    @Test("a broker gets the signed token, made anew for its region at that moment")
    func handshake() throws {
        let broker = try HandshakeBroker()
        let now = Int64(1_900_000_000_000)
        var settings = AWSClient.Settings()
        settings.region = "eu-west-3"
        let client = AWSClient(
            settings,
            environment: AWSEnvironment([:]),
            credentials: FixedCredentials(credentials),
            clock: AWSClock(now: { now }, uptime: { .zero }, sleep: { _ in })
        )
        var properties = KafkaLogin.awsMSKIAM.applied(to: [
            "bootstrap.servers": "127.0.0.1:\(broker.port)", "security.protocol": "SASL_PLAINTEXT",
        ])
        properties.tokenProvider = { try KafkaLogin.token(client) }
        let admin = try KafkaAdmin(properties)
        // It ends there: the broker only listens.
        #expect(throws: KafkaError.self) { try admin.checkConnectivity(within: .seconds(5)) }
        let expected = MSKAuthToken(region: "eu-west-3", credentials: credentials, now: now)
        #expect(broker.answer.contains("auth=Bearer \(expected.value)\u{1}"))
        #expect(try KafkaLogin.token(client).expiryMilliseconds == now + 900_000)
    }

    @Test("what is missing of AWS's is said where the login fails")
    func noCredentials() throws {
        let client = AWSClient(
            environment: AWSEnvironment(["AWS_REGION": "x", "AWS_EC2_METADATA_DISABLED": "true"])
        )
        let error = #expect(throws: AWSError.self) { try KafkaLogin.token(client) }
        #expect(error?.message.contains("there are no AWS credentials") ?? false)
    }
}

/// As much of a broker as a login needs: it allows OAUTHBEARER, keeps what it is sent, and hangs up.
private final class HandshakeBroker: Sendable {
    let port: UInt16
    private let listener: Int32
    private let kept = KeptText()

    var answer: String { kept.text }

    init() throws {
        port = try FreePort.any()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        let isBound = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 && listen(listener, 4) == 0
            }
        }
        try #require(isBound)
        let kept = kept
        Thread.detachNewThread {
            while case let client = accept(listener, nil, nil), client >= 0 {
                defer { close(client) }
                while let request = Self.frame(client), let reply = Self.reply(to: request, kept) {
                    let framed = [0, 0, 0, UInt8(reply.count)] + reply
                    guard send(client, framed, framed.count, Int32(MSG_NOSIGNAL)) == framed.count else {
                        break
                    }
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// By the first bytes of a request, its kind and version; the next four come back. Nil to hang up.
    private static func reply(to request: [UInt8], _ kept: KeptText) -> [UInt8]? {
        let correlation = request[4..<8]
        switch request[1] {
        case 18:
            // Which requests it knows, in the oldest version; an error to those who ask in another.
            let isOldest = request[3] == 0
            let known: [UInt8] = [0, 18, 0, 0, 0, 0, 0, 17, 0, 0, 0, 1, 0, 36, 0, 0, 0, 0]
            return correlation + [0, isOldest ? 0 : 35, 0, 0, 0, 3] + known
        case 17:
            let name = Array("OAUTHBEARER".utf8)
            return correlation + [0, 0, 0, 0, 0, 1, 0, UInt8(name.count)] + name
        default:
            kept.append(String(decoding: request, as: UTF8.self))
            return nil
        }
    }

    private static func frame(_ client: Int32) -> [UInt8]? {
        guard let size = read(client, 4) else { return nil }
        return read(client, size.reduce(0) { $0 << 8 | Int($1) })
    }

    private static func read(_ client: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return recv(client, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }
}

/// Text that one thread writes and another reads.
private final class KeptText: @unchecked Sendable {
    // Sendable because the text is reached under its lock only.
    private let lock = NSLock()
    private var kept = ""

    var text: String { lock.withLock { kept } }
    func append(_ more: String) { lock.withLock { kept += more } }
}
