import HTTPClient
import JSONText

/// The role that IAM Identity Center gives somebody who has logged in with `aws sso login`, whose token lies in a cache.
struct SSOCredentials: CredentialSource {
    let context: CredentialContext
    let profile: String

    var name: String { "sso" }

    func load() throws(AWSError) -> AWSCredentials? {
        let profiles = context.profiles
        guard var values = profiles.profile(profile),
            values["sso_role_name"] ?? values["sso_account_id"] != nil
        else {
            return nil
        }
        let session = values["sso_session"]
        if let session {
            guard let shared = profiles.ssoSession(session) else {
                throw context.error("profile '\(profile)': there is no section [sso-session \(session)]")
            }
            values.merge(shared) { own, _ in own }
        }
        guard let start = values["sso_start_url"], let region = values["sso_region"],
            let account = values["sso_account_id"], let role = values["sso_role_name"]
        else {
            throw context.error(
                "profile '\(profile)': sso wants sso_start_url, sso_region, sso_account_id and sso_role_name"
            )
        }
        let token = try token(session ?? start)
        return try fetch(account: account, role: role, token: token, region: region)
    }

    private func token(_ cacheName: String) throws(AWSError) -> String {
        let file = Hash.sha1(Array(cacheName.utf8)).hexadecimal + ".json"
        let json = context.json("~/.aws/sso/cache/" + file)
        guard let json, let token = json["accessToken"]?.string,
            let expiry = (json["expiresAt"]?.string).flatMap(InstantText.rfc3339)
        else { throw loginNeeded("there is no token of a login") }
        guard expiry > context.clock.now() else { throw loginNeeded("the token of the last login has ended") }
        return token
    }

    private func loginNeeded(_ reason: String) -> AWSError {
        context.error("profile '\(profile)': \(reason); run: aws sso login --profile \(profile)")
    }

    private func fetch(
        account: String,
        role: String,
        token: String,
        region: String
    ) throws(AWSError) -> AWSCredentials {
        let chosen = try context.endpoints.configured("sso")
        let endpoint =
            chosen ?? Endpoint(host: "portal.sso.\(region).\(Partition.of(region: region).domain)")
        let request = SignableRequest(
            "GET",
            endpoint,
            path: endpoint.basePath + "/federation/credentials",
            query: [.init("role_name", role), .init("account_id", account)],
            fields: [.init("x-amz-sso_bearer_token", token)]
        )
        let response: HTTPClient.Response
        do throws(HTTPClientError) {
            response = try HTTPClient(context.settings.http).send(request.http(timeout: nil))
        } catch {
            throw AWSError(error, "sso GetRoleCredentials")
        }
        if response.status == 401 { throw loginNeeded("the token of the last login is not taken any more") }
        guard response.status == 200 else { throw AWSError(response, "sso GetRoleCredentials") }
        guard let json = (try? JSONValue(response.body))?["roleCredentials"],
            let key = json["accessKeyId"]?.string,
            let secret = json["secretAccessKey"]?.string
        else { throw AWSError(.invalidAnswer, "sso GetRoleCredentials: no whole credentials in the answer") }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: json["sessionToken"]?.string,
            expiryMilliseconds: json["expiration"]?.integer
        )
    }
}
