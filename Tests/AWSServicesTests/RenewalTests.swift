import AWSTestSupport
import Foundation
import KafkaTestSupport
import Telemetry
import Testing

@testable import AWSServices

/// Credentials that end.
@Suite(.ownThread) struct RenewalTests {
    /// Gives what the test says, and counts how often it was asked.
    private final class Source: CredentialSource {
        let answer = Locked<Result<AWSCredentials?, AWSError>>(.success(nil))
        let count = Locked(0)
        var name: String { "test" }

        func load() throws(AWSError) -> AWSCredentials? {
            count.withLock { $0 += 1 }
            return try answer.withLock { $0 }.get()
        }
    }

    private let minute: Int64 = 60_000

    private func credentials(_ key: String, until expiry: Int64?) -> AWSCredentials {
        AWSCredentials(accessKeyID: key, secretAccessKey: "s", expiryMilliseconds: expiry)
    }

    @Test("they are kept until five minutes before their end, then renewed; old ones serve while that fails")
    func renewal() throws {
        let now = Locked<Int64>(0)
        let clock = AWSClock(now: { now.withLock { $0 } }, uptime: { .zero }, sleep: { _ in })
        let source = Source()
        let lines = MemorySink()
        let chain = CredentialChain([source], clock: clock, logger: Logger(sink: lines))
        func key(at time: Int64) throws -> String {
            now.withLock { $0 = time }
            return try chain.credentials().accessKeyID
        }
        let first = credentials("first", until: 60 * minute)
        source.answer.withLock { $0 = .success(first) }
        #expect(try key(at: 0) == "first")
        let failure = AWSError(.unreachable, "no answer")
        source.answer.withLock { $0 = .failure(failure) }
        #expect(try key(at: 55 * minute - 1) == "first")
        #expect(source.count.withLock { $0 } == 1)
        // Asked in vain, and not again for a minute.
        #expect(try key(at: 55 * minute) == "first")
        #expect(try key(at: 55 * minute + 1) == "first")
        #expect(source.count.withLock { $0 } == 2)
        #expect(try key(at: 56 * minute) == "first")
        #expect(source.count.withLock { $0 } == 3)
        #expect(
            lines.lines.joined().contains("aws_credentials_not_renewed")
                && lines.lines.joined().contains("no answer")
        )
        #expect(throws: AWSError.self) { try key(at: 60 * minute) }
        let second = credentials("second", until: 120 * minute)
        source.answer.withLock { $0 = .success(second) }
        #expect(try key(at: 60 * minute) == "second")
        #expect(try key(at: 100 * minute) == "second")
    }

    @Test("several threads at once renew once")
    func threads() throws {
        let source = Source()
        let one = credentials("one", until: wallClockMilliseconds() + 60 * minute)
        source.answer.withLock { $0 = .success(one) }
        let chain = CredentialChain([source], clock: .system, logger: .silent)
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            #expect((try? chain.credentials())?.accessKeyID == "one")
        }
        #expect(source.count.withLock { $0 } == 1)
    }

    @Test("a token is read from its file each time, for web identities and for pods")
    func tokens() throws {
        let services = try CredentialServices(lifetime: 60_000)
        let pod = try #require(
            CredentialOrderTests.scenes.first { $0.testDescription.hasPrefix("the container") }
        )
        let world = try CredentialWorld(pod, services)
        let context = CredentialContext(AWSStub.quickSettings, world.environment, .withoutWaiting(), .silent)
        #expect(try ContainerCredentials(context: context).load()?.accessKeyID == "CONTAINER-pod")
        try world.write("second", to: "pod-token")
        #expect(try ContainerCredentials(context: context).load()?.accessKeyID == "CONTAINER-second")
        try world.write("two\nlines", to: "pod-token")
        #expect(throws: AWSError.self) { try ContainerCredentials(context: context).load() }

        let web = try #require(
            CredentialOrderTests.scenes.first { $0.testDescription == "a web identity of the environment" }
        )
        let webWorld = try CredentialWorld(web, services)
        #expect(try webWorld.chain().credentials().accessKeyID == "WEB-web")
        try webWorld.write("another-token", to: "token")
        #expect(throws: AWSError.self) { try webWorld.chain().credentials() }
    }

    @Test(
        "keys of a container go to this machine and AWS's agents only, unless by TLS",
        arguments: [
            ("http://127.0.0.1:80/x", true), ("http://localhost/x", true), ("http://[::1]:1/x", true),
            ("http://169.254.170.23/v1/credentials", true), ("http://[fd00:ec2::23]/v1", true),
            ("https://anywhere.example/x", true), ("http://169.254.170.24/x", false),
            ("http://example.com/x", false),
            ("http://127.0.0.1.example.com/x", false), ("http://127.evil/x", false),
            ("file:///etc/passwd", false),
            ("http://localhost@evil.example/", false),
        ]
    )
    func hosts(_ url: String, _ isAllowed: Bool) {
        let isTaken = (try? ContainerCredentials.check(url)) != nil
        #expect(isTaken == isAllowed)
    }

    @Test("no secret is in a description, a log line or an error")
    func secrets() throws {
        let secret = "S3CR3T"
        let credentials = AWSCredentials(accessKeyID: "AKID", secretAccessKey: secret, sessionToken: secret)
        var dumped = ""
        dump([credentials], to: &dumped)
        dump(AWSEnvironment(["AWS_SECRET_ACCESS_KEY": secret]), to: &dumped)
        dump(FixedCredentials(credentials), to: &dumped)
        let lines = MemorySink()
        let logger = Logger(level: .debug, sink: lines)
        let scene = CredentialOrderTests.Scene(
            testDescription: "",
            configuration: """
                [default]
                credential_process = /bin/echo '{"Version": 1, "AccessKeyId": "A", "SecretAccess": "\(secret)"}'
                [profile half]
                aws_secret_access_key = \(secret)
                aws_access_key_id = \(secret)
                """
        )
        let services = try CredentialServices()
        let world = try CredentialWorld(scene, services)
        let error = #expect(throws: AWSError.self) { try world.chain(logger: logger).credentials() }
        let stub = try AWSStub { _ in .fault(500, "InternalFailure", "") }
        let web = STS.AssumeRoleWithWebIdentity(roleARN: "r", sessionName: "s", token: secret)
        let failed = #expect(throws: AWSError.self) {
            try stub.client(credentials: FixedCredentials(credentials), logger: logger).send(web)
        }
        #expect(!"\(credentials) \(dumped) \(String(reflecting: credentials))".contains(secret))
        #expect(!lines.lines.joined().contains(secret))
        #expect(!"\(String(describing: error)) \(String(describing: failed))".contains(secret))
    }
}
