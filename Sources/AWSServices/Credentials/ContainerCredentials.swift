import HTTPClient
import JSONText

/// The role of a container, from the agent beside it: a task of ECS (`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`) or a pod
/// of EKS (`AWS_CONTAINER_CREDENTIALS_FULL_URI`). The token's file is read anew each time: it is renewed there.
struct ContainerCredentials: CredentialSource {
    let context: CredentialContext

    var name: String { "container" }

    func load() throws(AWSError) -> AWSCredentials? {
        let environment = context.environment
        let url: String
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            url = "http://169.254.170.2" + path
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            try Self.check(full)
            url = full
        } else {
            return nil
        }
        let answer = try context.metadata.sendPatiently { () throws(AWSError) in
            HTTPClient.Request(
                "GET",
                url,
                fields: [.init("Accept", "application/json")] + (try authorization())
            )
        }
        switch answer {
        case .failure(let error): throw context.error("container credentials: \(error.message)")
        case .success(let response):
            guard response.status == 200 else {
                throw context.error("container credentials: answered \(response.status)")
            }
            guard let json = try? JSONValue(response.body),
                let credentials = AWSCredentials(json, token: "Token", expiry: "Expiration")
            else { throw context.error("container credentials: the answer holds none") }
            return credentials
        }
    }

    private func authorization() throws(AWSError) -> [HTTPClient.Field] {
        let environment = context.environment
        var token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            guard let text = environment.file(path) else {
                throw context.error("the container's token file '\(path)' cannot be read")
            }
            token = text
        }
        guard let token else { return [] }
        guard !token.utf8.contains(where: { $0 == 10 || $0 == 13 }) else {
            throw context.error("the container's token holds a line break")
        }
        return [.init("Authorization", token)]
    }

    /// Without TLS keys go to this machine and to the two agents only.
    static func check(_ url: String) throws(AWSError) {
        let place = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
        let base = url.prefix { $0 != "?" && $0 != "#" }
        guard let endpoint = Endpoint(String(base)) else {
            throw AWSError(.credentials, "\(place) is no address of the form http://HOST:PORT/PATH")
        }
        let agents = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]"]
        let isLoopback =
            endpoint.host.hasPrefix("127.") && endpoint.host.split(separator: ".").count == 4
            && endpoint.host.split(separator: ".").allSatisfy { UInt8($0) != nil }
        guard endpoint.isSecure || isLoopback || agents.contains(endpoint.host) else {
            throw AWSError(
                .credentials,
                "\(place): '\(endpoint.host)' is neither this machine nor an agent of AWS's, and it has no TLS"
            )
        }
    }
}
