import JSONText

/// What a program of the user's prints (`credential_process`).
struct ProcessCredentials: CredentialSource {
    let context: CredentialContext
    let profile: String

    var name: String { "credential process" }

    func load() throws(AWSError) -> AWSCredentials? {
        guard let command = context.profiles.profile(profile)?["credential_process"] else { return nil }
        let place = "credential_process of profile '\(profile)'"
        guard let words = ShellWords.split(command), !words.isEmpty else {
            throw context.error("\(place): a quotation mark without its end")
        }
        let output: [UInt8]
        do throws(Subprocess.Failure) {
            output = try Subprocess.output(of: words, context.environment, within: .seconds(60))
        } catch {
            throw context.error("\(place): \(error.reason)")
        }
        // Not a word of the output in a message: it holds the secret.
        guard let json = try? JSONValue(output) else {
            throw context.error("\(place): its output is no JSON")
        }
        guard json["Version"]?.integer == 1 else { throw context.error("\(place): its Version is not 1") }
        guard
            let credentials = AWSCredentials(json, token: "SessionToken", expiry: "Expiration")
        else {
            throw context.error(
                "\(place): AccessKeyId or SecretAccessKey is missing, or Expiration is no time"
            )
        }
        return credentials
    }
}

extension AWSCredentials {
    /// From an object with `AccessKeyId` and `SecretAccessKey`.
    ///
    /// - Parameters:
    ///   - token: the name of the session token, which may be missing.
    ///   - expiry: the name of the time of their end, which may be missing.
    /// - Returns: nil where a key is missing, or the time is none.
    init?(_ json: JSONValue, token: String, expiry: String) {
        guard let key = json["AccessKeyId"]?.string, let secret = json["SecretAccessKey"]?.string else {
            return nil
        }
        let end = json[expiry]?.string
        let time = end.flatMap(InstantText.rfc3339)
        guard time != nil || end == nil else { return nil }
        self.init(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: json[token]?.string,
            expiryMilliseconds: time
        )
    }
}
