import AWSTestSupport
import Foundation
import HTTPServer
import KafkaTestSupport
import Telemetry
import Testing

@testable import AWSServices

/// Where credentials come from, beside botocore in the same environment.
@Suite(.ownThread) struct CredentialOrderTests {
    /// One environment, with files and services of its own.
    struct Scene: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var variables: [String: String] = [:]
        var configuration = ""
        var credentials = ""
        /// Further files, by their paths below the home.
        var files: [String: String] = [:]
        /// Of the key that is to be found; nil for an error.
        var key: String?
        /// Part of our error.
        var error = ""
        /// Whether botocore, which has another way to refuse, is left out.
        var isOursAlone = false
    }

    static let scenes: [Scene] = [
        Scene(
            testDescription: "variables come before everything",
            variables: [
                "AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
                "AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/web-role",
            ],
            configuration: "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n",
            credentials: "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n",
            key: "ENV"
        ),
        Scene(
            testDescription: "a role of the profile comes before a web identity",
            variables: [
                "AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/web-role",
            ],
            configuration: """
                [default]
                role_arn = arn:aws:iam::123456789012:role/taken
                source_profile = base
                external_id = x y
                [profile base]
                aws_access_key_id = AKIDSTUB
                aws_secret_access_key = stub+secret/key
                aws_session_token = stub//token==
                """,
            files: ["token": "web-token"],
            key: "ROLE-taken"
        ),
        Scene(
            testDescription: "a role through a role",
            configuration: """
                [default]
                role_arn = arn:aws:iam::123456789012:role/second
                source_profile = middle
                [profile middle]
                role_arn = arn:aws:iam::123456789012:role/first
                source_profile = base
                """,
            credentials: """
                [base]
                aws_access_key_id=AKIDSTUB
                aws_secret_access_key=stub+secret/key
                aws_session_token=stub//token==
                """,
            key: "ROLE-second"
        ),
        Scene(
            testDescription: "a profile that names itself for its own keys",
            configuration: """
                [profile me]
                role_arn = arn:aws:iam::123456789012:role/self
                source_profile = me
                aws_access_key_id = AKIDSTUB
                aws_secret_access_key = stub+secret/key
                aws_session_token = stub//token==
                """,
            key: "ROLE-self"
        ),
        Scene(
            testDescription: "roles in a circle",
            configuration: """
                [default]
                role_arn = arn:aws:iam::123456789012:role/a
                source_profile = other
                [profile other]
                role_arn = arn:aws:iam::123456789012:role/b
                source_profile = default
                """,
            error: "goes in a circle"
        ),
        Scene(
            testDescription: "a web identity of the environment",
            variables: [
                "AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token",
                "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/web",
            ],
            credentials: "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n",
            files: ["token": "web-token"],
            key: "WEB-web"
        ),
        Scene(
            testDescription: "a web identity without a role",
            variables: ["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"],
            files: ["token": "web-token"],
            error: "set AWS_ROLE_ARN"
        ),
        Scene(
            testDescription: "the shared file comes before the configuration file and a process",
            configuration: """
                [default]
                aws_access_key_id = CONFIG
                aws_secret_access_key = s
                credential_process = /bin/echo nothing
                """,
            credentials: "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n",
            key: "FILE"
        ),
        Scene(
            testDescription: "a process comes before the configuration file",
            configuration: """
                [default]
                aws_access_key_id = CONFIG
                aws_secret_access_key = s
                credential_process = /bin/echo '{"Version": 1, "AccessKeyId": "PROC ESS", "SecretAccessKey": "s"}'
                """,
            key: "PROC ESS"
        ),
        Scene(
            testDescription: "a process that fails",
            configuration: "[default]\ncredential_process = /bin/false\n",
            error: "ended with status 1"
        ),
        Scene(
            testDescription: "the configuration file, with the profile that is named",
            variables: ["AWS_PROFILE": "dev box"],
            configuration: """
                # comment
                [profile "dev box"]
                aws_access_key_id = CONFIG
                aws_secret_access_key = s
                """,
            key: "CONFIG"
        ),
        Scene(
            testDescription: "half of the keys in the shared file",
            credentials: "[default]\naws_access_key_id = FILE\n",
            error: "no aws_secret_access_key"
        ),
        Scene(
            testDescription: "the container comes before the instance",
            variables: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "STUB/container",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/pod-token",
            ],
            files: ["pod-token": "pod"],
            key: "CONTAINER-pod"
        ),
        Scene(
            testDescription: "the instance comes last",
            variables: [:],
            key: "INSTANCE"
        ),
        Scene(
            testDescription: "the instance's service is switched off",
            variables: ["AWS_EC2_METADATA_DISABLED": "TRUE"],
            error: "there are no AWS credentials"
        ),
        Scene(
            testDescription: "a role with the instance's credentials",
            configuration: """
                [default]
                role_arn = arn:aws:iam::123456789012:role/of-instance
                credential_source = Ec2InstanceMetadata
                """,
            key: "ROLE-of-instance"
        ),
        Scene(
            testDescription: "a role with two sources",
            configuration: """
                [default]
                role_arn = arn:aws:iam::123456789012:role/r
                credential_source = Environment
                source_profile = default
                """,
            error: "exclude each other"
        ),
        Scene(
            testDescription: "sso with a token of a login",
            configuration: """
                [default]
                sso_session = work
                sso_account_id = 123456789012
                sso_role_name = reader
                [sso-session work]
                sso_region = eu-west-3
                sso_start_url = https://example.awsapps.com/start
                """,
            files: [
                ".aws/sso/cache/\(Hash.sha1(Array("work".utf8)).hexadecimal).json":
                    #"{"accessToken": "sso-token", "expiresAt": "2199-01-01T00:00:00Z"}"#
            ],
            key: "SSO-reader"
        ),
        Scene(
            testDescription: "sso without a login",
            configuration: """
                [default]
                sso_start_url = https://example.awsapps.com/start
                sso_region = eu-west-3
                sso_account_id = 123456789012
                sso_role_name = reader
                """,
            error: "run: aws sso login"
        ),
        Scene(
            testDescription: "login with a token",
            configuration: "[default]\nlogin_session = arn:aws:iam::1:user/u\n",
            files: [
                ".aws/login/cache/\(Hash.sha256(Array("arn:aws:iam::1:user/u".utf8)).hexadecimal).json": """
                {"accessToken": {"accessKeyId": "LOGIN", "secretAccessKey": "s", "sessionToken": "t",
                "accountId": "1", "expiresAt": "2199-01-01T00:00:00Z"}, "refreshToken": "r", "dpopKey": "k",
                "clientId": "c"}
                """
            ],
            key: "LOGIN",
            // It wants a further library of its own for that.
            isOursAlone: true
        ),
        Scene(
            testDescription: "login without a token",
            configuration: "[default]\nlogin_session = arn:aws:iam::1:user/u\n",
            error: "run: aws login",
            isOursAlone: true
        ),
    ]

    @Test("the first place that has credentials gives them, or says what is wrong", arguments: scenes)
    func order(_ scene: Scene) throws {
        let services = try CredentialServices()
        let world = try CredentialWorld(scene, services)
        do throws(AWSError) {
            let found = try world.chain().credentials()
            #expect(found.accessKeyID == scene.key)
        } catch {
            #expect(scene.key == nil, "\(error)")
            #expect(error.message.contains(scene.error), "\(error)")
            #expect(error.code == .credentials)
        }
        #expect(services.stub.refusals == [])
    }

    @Test(
        "botocore finds the same in the same environment",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)"),
        arguments: scenes.filter { !$0.isOursAlone }
    )
    func botocore(_ scene: Scene) throws {
        let services = try CredentialServices()
        let world = try CredentialWorld(scene, services)
        let program = """
            import botocore.session
            try:
                found = botocore.session.Session().get_credentials()
                print(found.get_frozen_credentials().access_key if found else "none")
            except Exception as error:
                print("error")
            """
        let run = try PythonPeers.run(program, environment: world.environment.variables)
        let theirs = run.output.split(separator: "\n").last.map(String.init) ?? run.errors
        if let key = scene.key {
            #expect(theirs == key)
        } else {
            #expect(theirs == "error" || theirs == "none")
        }
    }
}

/// STS, the container's agent, the instance's metadata and sso, all in one.
struct CredentialServices {
    let stub: AWSStub

    init(lifetime: Int64 = 3_600_000, known: [AWSCredentials] = [AWSStub.credentials]) throws {
        let expiry = String(timestampText(milliseconds: wallClockMilliseconds() + lifetime).prefix(19)) + "Z"
        let issued = Locked<AWSStub?>(nil)
        stub = try AWSStub(
            known,
            unsigned: [
                "AssumeRoleWithWebIdentity", "GET /container", "PUT /latest/api/token",
                "GET /latest/meta-data/iam/security-credentials/", "GET /latest/meta-data/placement/region",
                "GET /latest/meta-data/iam/security-credentials/the-role", "GET /federation/credentials",
            ]
        ) { call in
            func xml(_ prefix: String) -> HTTPResponse {
                let role = call.body.firstRange(of: "role%2F").map {
                    call.body[$0.upperBound...].prefix { $0 != "&" }
                }
                let key = AWSCredentials(
                    accessKeyID: prefix + String(role ?? ""),
                    secretAccessKey: "secret of \(prefix)",
                    sessionToken: "token"
                )
                issued.withLock { $0 }?.know(key)
                return .xml(
                    """
                    <?xml version="1.0"?><R xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(call.operation)Result><Credentials>
                    <AccessKeyId>\(key.accessKeyID)</AccessKeyId><SecretAccessKey>\(key.secretAccessKey)</SecretAccessKey>
                    <SessionToken>token</SessionToken><Expiration>\(expiry)</Expiration></Credentials>
                    </\(call.operation)Result></R>
                    """
                )
            }
            switch call.operation {
            case "AssumeRole": return xml("ROLE-")
            case "AssumeRoleWithWebIdentity":
                return call.body.contains("WebIdentityToken=web-token")
                    ? xml("WEB-") : .fault(400, "InvalidIdentityToken", "")
            case "GET /container":
                let token = call.request.headers["Authorization"] ?? "none"
                return .json(
                    #"{"AccessKeyId": "CONTAINER-\#(token)", "SecretAccessKey": "s", "Token": "t", "Expiration": "\#(expiry)"}"#
                )
            case "PUT /latest/api/token": return HTTPResponse(text: "proof")
            case let path where path.hasPrefix("GET /latest/meta-data/"):
                guard call.request.headers["X-aws-ec2-metadata-token"] == "proof" else {
                    return HTTPResponse(status: 401)
                }
                if path.hasSuffix("/region") { return HTTPResponse(text: "sa-east-1") }
                if path.hasSuffix("/") { return HTTPResponse(text: "the-role") }
                let key = AWSCredentials(accessKeyID: "INSTANCE", secretAccessKey: "s", sessionToken: "t")
                issued.withLock { $0 }?.know(key)
                return .json(
                    #"{"Code": "Success", "AccessKeyId": "INSTANCE", "SecretAccessKey": "s", "Token": "t", "Expiration": "\#(expiry)"}"#
                )
            case "GET /federation/credentials":
                guard call.request.headers["x-amz-sso_bearer_token"] == "sso-token" else {
                    return HTTPResponse(status: 401, text: "{}")
                }
                let role = call.request.query("role_name") ?? ""
                return .json(
                    #"{"roleCredentials": {"accessKeyId": "SSO-\#(role)", "secretAccessKey": "s", "sessionToken": "t", "expiration": \#(wallClockMilliseconds() + 3_600_000)}}"#
                )
            default: return HTTPResponse(status: 404)
            }
        }
        issued.withLock { [stub] in $0 = stub }
    }
}

/// A home with files, and the variables that lead there.
final class CredentialWorld {
    let home: URL
    let environment: AWSEnvironment

    init(_ scene: CredentialOrderTests.Scene, _ services: CredentialServices) throws {
        home = FileManager.default.temporaryDirectory.appendingPathComponent(
            "timberline-aws-\(UUID().uuidString)"
        )
        var files = scene.files
        files[".aws/config"] = scene.configuration
        files[".aws/credentials"] = scene.credentials
        for (path, text) in files {
            let file = home.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        var variables = [
            "HOME": home.path, "PATH": "/usr/bin:/bin", "AWS_DEFAULT_REGION": "eu-west-3",
            "AWS_ENDPOINT_URL": services.stub.url,
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": services.stub.url + "/",
        ]
        if scene.configuration.contains("[profile me]") { variables["AWS_PROFILE"] = "me" }
        for (name, value) in scene.variables {
            variables[name] = value.replacing("HOME/", with: home.path + "/").replacing(
                "STUB/",
                with: services.stub.url + "/"
            )
        }
        environment = AWSEnvironment(variables)
    }

    deinit { try? FileManager.default.removeItem(at: home) }

    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: home.appendingPathComponent(path), options: .atomic)
    }

    func chain(_ clock: AWSClock = .withoutWaiting(), logger: Logger = .silent) -> CredentialChain {
        let context = CredentialContext(AWSStub.quickSettings, environment, clock, logger)
        return CredentialChain(context.sources(), clock: clock, logger: logger)
    }
}
