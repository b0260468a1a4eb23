import AWSTestSupport
import Foundation
import JSONText
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// Mappings of `timberline local` whose clusters ask for a login, as boto3 makes them, against real brokers.
@Suite("timberline local logs in to Kafka", .ownThread)
struct LocalLoginTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// What the mappings use, by its name.
    private func secrets(_ cluster: TestCluster) throws -> [String: String] {
        let file = try #require(cluster.real?.description)
        let tls = try #require(file.tls)
        let user = try #require(file.users?.first)
        func read(_ name: String) throws -> String {
            try String(contentsOfFile: "\(tls)/\(name)", encoding: .utf8)
        }
        func text(_ members: [String: String]) throws -> String {
            String(decoding: try JSONEncoder().encode(members), as: UTF8.self)
        }
        let key = try Command.run(
            "openssl",
            ["pkcs8", "-topk8", "-in", "\(tls)/client.key", "-passout", "pass:of-the-key"]
        )
        let client = [
            "certificate": try read("client.pem"), "privateKey": key.output,
            "privateKeyPassword": "of-the-key",
        ]
        return try [
            "login": text(["username": user.key, "password": user.value]),
            "wrong-login": text(["username": user.key, "password": "hunter2"]),
            "client": text(client),
            "wrong-client": text(client.merging(["privateKeyPassword": "hunter2"]) { $1 }),
            "authority": text(["certificate": read("ca.pem")]),
            "wrong-authority": read("client.pem"),
        ]
    }

    /// Makes mappings of each kind, each of a topic of its name, and waits until each says how it is.
    private static let mappings = """
        sasl, mtls, uris, topics = [json.loads(a) for a in sys.argv[2:6]]
        own = lambda servers: {'SelfManagedEventSource': {'Endpoints': {'KAFKA_BOOTSTRAP_SERVERS': servers.split(',')}}}
        msk = {'EventSourceArn': 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2'}
        kinds = {
            'plain': (own(sasl), {'BASIC_AUTH': 'login', 'SERVER_ROOT_CA_CERTIFICATE': 'authority'}),
            'scram-256': (own(sasl), {'SASL_SCRAM_256_AUTH': 'login', 'SERVER_ROOT_CA_CERTIFICATE': 'authority'}),
            'scram-512': (own(sasl), {'SASL_SCRAM_512_AUTH': 'login', 'SERVER_ROOT_CA_CERTIFICATE': 'authority'}),
            'msk': (msk, {'SASL_SCRAM_512_AUTH': 'login', 'SERVER_ROOT_CA_CERTIFICATE': 'authority'}),
            'certificate': (own(mtls), {'CLIENT_CERTIFICATE_TLS_AUTH': 'client', 'SERVER_ROOT_CA_CERTIFICATE': 'authority'}),
            'wrong-password': (own(sasl), {'BASIC_AUTH': 'wrong-login', 'SERVER_ROOT_CA_CERTIFICATE': 'authority'}),
            'wrong-key': (own(mtls), {'CLIENT_CERTIFICATE_TLS_AUTH': 'wrong-client', 'SERVER_ROOT_CA_CERTIFICATE': 'authority'}),
            'no-certificate': (own(mtls), {'SERVER_ROOT_CA_CERTIFICATE': 'authority'}),
            'wrong-authority': (own(sasl), {'BASIC_AUTH': 'login', 'SERVER_ROOT_CA_CERTIFICATE': 'wrong-authority'}),
        }
        def make(kind, source, access):
            return c.create_event_source_mapping(FunctionName='noter', StartingPosition='TRIM_HORIZON', Topics=[topics[kind]],
                SourceAccessConfigurations=[{'Type': t, 'URI': uris.get(n, n)} for t, n in access.items()], **source)
        try: make('plain', own(sasl), {'BASIC_AUTH': 'arn:aws:secretsmanager:us-east-1:123456789012:secret:absent-Ab12Cd'})
        except ClientError as e: refusal = e.response['Error']
        ids = {kind: make(kind, *how)['UUID'] for kind, how in kinds.items()}
        def wait():
            end = time.time() + 40
            while True:
                shown = {kind: c.get_event_source_mapping(UUID=id) for kind, id in ids.items()}
                results = {kind: [m['State'], m['LastProcessingResult']] for kind, m in shown.items()}
                if all(r[1] != 'No records processed' for r in results.values()) or time.time() > end: return results
                time.sleep(0.1)
        print(json.dumps({'results': wait(), 'ids': ids, 'refusal': refusal}))

        """

    @Test(
        "with secrets from a file or Secrets Manager, and says what keeps it out",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)"),
        .timeLimit(.minutes(3)),
        arguments: zip([TestKafka.real("3.9.2"), .real("4.3.1")], SecretPlace.allCases)
    )
    func logins(kafka: TestKafka, place: SecretPlace) throws {
        let cluster = try kafka.open()
        let file = try #require(cluster.real?.description)
        let (sasl, mtls) = (try #require(file.login), try #require(file.mutualTLS))
        let store = try SecretStore(place, scratch, secrets(cluster), prefix: cluster.uniqueName("secret"))
        var topics: [String: String] = [:]
        for kind in [
            "plain", "scram-256", "scram-512", "msk", "certificate", "wrong-password", "wrong-key",
            "no-certificate", "wrong-authority",
        ] {
            topics[kind] = try cluster.makeTopic(kind)
            try cluster.produce(["one", "two"], to: topics[kind] ?? "")
        }
        let local = try LocalProgram(scratch, ["--cluster", "demo=\(sasl)"] + store.arguments)
        try local.createNoter()
        func json(_ value: some Encodable) throws -> String {
            String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        }
        let printed = try local.boto3(
            Self.mappings,
            json(sasl),
            json(mtls),
            json(store.uris),
            json(topics)
        )
        let seen = try JSONValue(Array(printed.utf8))
        #expect(seen["refusal"]?["Code"]?.string == "InvalidParameterValueException")
        #expect(seen["refusal"]?["Message"]?.string?.contains("Cannot access secret manager value") == true)
        #expect(seen["refusal"]?["Message"]?.string?.contains("absent") == true)

        let isScramSound = kafka == .real("3.9.2") || KafkaLibrary.version >= KafkaLibrary.soundScram
        let cure = "SCRAM fails between librdkafka \(KafkaLibrary.versionText) and Kafka 4"
        let scram = isScramSound ? "OK" : "PROBLEM: SASL authentication failed. \(cure)"
        for (kind, beginning) in [
            "plain": "OK", "certificate": "OK", "scram-256": scram, "scram-512": scram, "msk": scram,
            "wrong-password": "PROBLEM: SASL authentication failed. ",
            "wrong-key": "PROBLEM: Provided certificate or private key is invalid. ",
            "no-certificate": "PROBLEM: Server failed to authenticate Lambda. ",
            "wrong-authority": "PROBLEM: Lambda failed to authenticate server. ",
        ] {
            let shown = seen["results"]?[kind]?.array?.compactMap(\.string) ?? []
            #expect(shown.first == "Enabled" && shown.last?.hasPrefix(beginning) == true, "\(kind): \(shown)")
            #expect(shown.last?.contains("hunter2") == false)
            if beginning == "OK" {
                #expect(scratch.notes.filter { $0.hasPrefix(topics[kind] ?? "") }.count == 2)
            }
            if beginning.contains(cure) { #expect(shown.last?.contains("librdkafka 2.6.1 or later") == true) }
        }
        #expect(!local.program.errors.contains("hunter2"), "secrets are in no log line")

        // The right password takes effect without another mapping; a change only makes it try at once.
        try store.set("wrong-login", to: secrets(cluster)["login"] ?? "")
        let id = seen["ids"]?["wrong-password"]?.string ?? ""
        _ = try local.boto3("c.update_event_source_mapping(UUID=sys.argv[2], BatchSize=10)", id)
        try local.program.wait(60) {
            scratch.notes.filter { $0.hasPrefix(topics["wrong-password"] ?? "") }.count == 2
        }
    }

    private static let isSlow = ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1"

    @Test(
        "goes on with another password while it runs, once the secret has it",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)"),
        .enabled(if: RealKafka.absence == nil, "\(RealKafka.absence ?? "")"),
        .enabled(if: isSlow, "slow; set TIMBERLINE_SLOW_TESTS=1"),
        .timeLimit(.minutes(4))
    )
    func rotation() throws {
        let kafka = try RealKafka(version: "3.9.2", secure: true)
        let cluster = TestCluster(kafka)
        let store = try SecretStore(.file, scratch, secrets(cluster), prefix: "")
        let topic = try cluster.makeTopic()
        try cluster.produce(["one"], to: topic)
        let local = try LocalProgram(
            scratch,
            ["--cluster", "demo=\(try #require(kafka.description.login))"] + store.arguments
        )
        try local.createNoter()
        let id = try local.boto3(
            """
            uris = json.loads(sys.argv[3])
            print(c.create_event_source_mapping(FunctionName='noter', StartingPosition='TRIM_HORIZON', Topics=[sys.argv[2]],
                EventSourceArn='arn:aws:kafka:us-east-1:123456789012:cluster/demo/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2',
                SourceAccessConfigurations=[{'Type': 'SASL_SCRAM_512_AUTH', 'URI': uris['login']},
                    {'Type': 'SERVER_ROOT_CA_CERTIFICATE', 'URI': uris['authority']}])['UUID'])
            """,
            topic,
            String(decoding: try JSONEncoder().encode(store.uris), as: UTF8.self)
        )
        try local.program.wait(60) { scratch.notes.count == 1 }
        let user = try #require(kafka.description.users?.keys.first)
        try kafka.tool(
            "configs",
            [
                "--alter", "--entity-type", "users", "--entity-name", user, "--add-config",
                "SCRAM-SHA-512=[password=another]",
            ]
        )
        // Connections that are there stay: Kafka asks for the password when they begin.
        try kafka.kill()
        try kafka.restart()
        let refused = try local.boto3(
            """
            end = time.time() + 50
            result = ''
            while 'SASL authentication failed' not in result and time.time() < end:
                time.sleep(0.2)
                result = c.get_event_source_mapping(UUID=sys.argv[2])['LastProcessingResult']
            print(result)
            """,
            id
        )
        #expect(refused.hasPrefix("PROBLEM: SASL authentication failed."))
        try cluster.produce(["two"], to: topic)
        try store.set("login", to: #"{"username": "\#(user)", "password": "another"}"#)
        try local.program.wait(90) { Set(scratch.notes).count == 2 }
    }
}

/// Where `timberline local` reads secrets.
enum SecretPlace: CaseIterable, Sendable {
    case file, secretsManager
}

/// The secrets of one test, in a file or in moto's Secrets Manager.
private final class SecretStore {
    /// Options for `timberline local`.
    let arguments: [String]
    /// What a mapping names them by.
    let uris: [String: String]
    private let place: SecretPlace
    private let scratch: Scratch
    private var secrets: [String: String]

    init(_ place: SecretPlace, _ scratch: Scratch, _ secrets: [String: String], prefix: String) throws {
        self.place = place
        self.scratch = scratch
        self.secrets = secrets
        switch place {
        case .file:
            arguments = ["--secrets", scratch.path("secrets.json")]
            uris = Dictionary(
                uniqueKeysWithValues: secrets.keys.map {
                    ($0, "arn:aws:secretsmanager:us-east-1:123456789012:secret:\($0)-Ab12Cd")
                }
            )
            try writeFile()
        case .secretsManager:
            let moto = try Moto.shared.get()
            arguments = ["--service", "secretsmanager=\(moto.url)"]
            let made = try moto.boto3(
                """
                c, given = boto3.client("secretsmanager"), json.loads(sys.argv[1])
                make = lambda name, text: c.create_secret(Name=f"{sys.argv[2]}-{name}", SecretString=text)["ARN"]
                print(json.dumps({name: make(name, text) for name, text in given.items()}))
                """,
                [String(decoding: try JSONEncoder().encode(secrets), as: UTF8.self), prefix]
            )
            uris = try JSONDecoder().decode([String: String].self, from: Data(made.utf8))
        }
    }

    func set(_ name: String, to text: String) throws {
        secrets[name] = text
        switch place {
        case .file: try writeFile()
        case .secretsManager:
            _ = try Moto.shared.get().boto3(
                "boto3.client('secretsmanager').put_secret_value(SecretId=sys.argv[1], SecretString=sys.argv[2])",
                [uris[name] ?? "", text]
            )
        }
    }

    private func writeFile() throws {
        let text = String(decoding: try JSONEncoder().encode(secrets), as: UTF8.self)
        try scratch.write("secrets.json", text)
    }
}
