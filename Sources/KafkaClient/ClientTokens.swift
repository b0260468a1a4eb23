import CLibrdkafka

/// Lets librdkafka ask our token provider, if there is one; otherwise its own
/// methods (`sasl.oauthbearer.method=oidc`, unsecured test tokens) serve.
func installTokenCallback(_ configuration: OpaquePointer?, _ provider: KafkaTokenProvider?) {
    rd_kafka_conf_enable_sasl_queue(configuration, 1)
    guard provider != nil else { return }
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(configuration) { client, _, opaque in
        guard let client, let context = clientContext(opaque) else { return }
        context.refreshToken(client)
    }
}

extension ClientContext {
    fileprivate func refreshToken(_ client: OpaquePointer) {
        guard let tokenProvider else { return }
        do {
            try set(try tokenProvider(), client)
        } catch let error as KafkaError {
            tokenFailed(client, error)
        } catch {
            tokenFailed(client, KafkaError(.authentication, "no token: \(error)", isRetriable: true))
        }
    }

    private func set(_ token: KafkaOAuthToken, _ client: OpaquePointer) throws(KafkaError) {
        var reason = [CChar](repeating: 0, count: 512)
        // librdkafka takes names and values in turn.
        let texts = token.extensions.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        let copies = texts.map { text in text.utf8CString.withUnsafeBufferPointer(copied) }
        defer { for copy in copies { copy.deallocate() } }
        var list = copies.map { UnsafePointer<CChar>?($0) }
        let code = rd_kafka_oauthbearer_set_token(
            client,
            token.value,
            token.expiryMilliseconds,
            token.principal,
            &list,
            list.count,
            &reason,
            reason.count
        )
        if code != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw KafkaError(code, "the token is not accepted", detail: string(reason))
        }
    }

    private func tokenFailed(_ client: OpaquePointer, _ error: KafkaError) {
        report(error)
        rd_kafka_oauthbearer_set_token_failure(client, error.message)
    }
}

private func copied(_ characters: UnsafeBufferPointer<CChar>) -> UnsafeMutablePointer<CChar> {
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
    for (index, character) in characters.enumerated() { (copy + index).initialize(to: character) }
    return copy
}
