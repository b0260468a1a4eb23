import CLibrdkafka
import Glibc
import Telemetry

/// Sets the callbacks that every client has, and those of its kind.
func installCallbacks(_ configuration: OpaquePointer?, _ kind: ClientHandle.Kind) {
    rd_kafka_conf_set_log_cb(configuration) { client, level, facility, text in
        guard let context = clientContext(rd_kafka_opaque(client)), let text else { return }
        context.logLine(level: level, facility: facility, text: text)
    }
    rd_kafka_conf_set_error_cb(configuration) { client, code, reason, opaque in
        clientContext(opaque)?.failed(
            client,
            rd_kafka_resp_err_t(code),
            reason.map { String(cString: $0) } ?? ""
        )
    }
    rd_kafka_conf_set_stats_cb(configuration) { _, json, length, opaque in
        guard let json else { return 0 }
        let bytes = UnsafeRawBufferPointer(start: json, count: length)
        clientContext(opaque)?.statistics = String(decoding: bytes, as: UTF8.self)
        return 0
    }
    switch kind {
    case .consumer:
        rd_kafka_conf_set_rebalance_cb(configuration) { client, code, partitions, opaque in
            clientContext(opaque)?.rebalanced(client, code, partitions)
        }
    case .producer:
        rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
            guard let message else { return }
            clientContext(opaque)?.deliveries.delivered(message)
        }
    }
}

func clientContext(_ opaque: UnsafeMutableRawPointer?) -> ClientContext? {
    opaque.map { Unmanaged<ClientContext>.fromOpaque($0).takeUnretainedValue() }
}

extension ClientContext {
    fileprivate func rebalanced(
        _ client: OpaquePointer?,
        _ code: rd_kafka_resp_err_t,
        _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) {
        guard let client else { return }
        let kind: Rebalance.Kind =
            if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
                .assigned
            } else if rd_kafka_assignment_lost(client) != 0 {
                .lost
            } else {
                .revoked
            }
        let rebalance = Rebalance(
            kind: kind,
            partitions: PartitionList.elements(of: list).map(\.partition).sorted(),
            isIncremental: rd_kafka_rebalance_protocol(client).map { String(cString: $0) } == "COOPERATIVE"
        )
        guard hold(rebalance) else {
            do throws(KafkaError) {
                // Closing: partitions that come now are not taken.
                if kind == .assigned {
                    try check(rd_kafka_assign(client, nil), "give up partitions")
                } else {
                    try rebalance.answer(client)
                }
            } catch {
                report(error)
            }
            return
        }
        // The poll in which we are ends at once, so that the owner hears of it.
        if let queue = rd_kafka_queue_get_consumer(client) {
            rd_kafka_queue_yield(queue)
            rd_kafka_queue_destroy(queue)
        }
    }

    fileprivate func failed(_ client: OpaquePointer?, _ code: rd_kafka_resp_err_t, _ reason: String) {
        if code == RD_KAFKA_RESP_ERR__FATAL, let client {
            var text = [CChar](repeating: 0, count: 512)
            let cause = rd_kafka_fatal_error(client, &text, text.count)
            report(KafkaError(cause, "", detail: string(text), isFatal: true))
        } else if code == RD_KAFKA_RESP_ERR__AUTHENTICATION, scramIsUnsound {
            report(scramError(reason))
        } else if refusesCertificate(reason) {
            // To librdkafka a lost connection.
            report(
                KafkaError(
                    .certificateRefused,
                    reason,
                    remedy:
                        "check the client's certificate and key, and that the broker trusts their authority"
                )
            )
        } else {
            report(KafkaError(code, "", detail: reason))
        }
    }

    /// Whether a broker has ended the connection for the client's certificate (alerts of TLS: RFC 8446, section 6).
    private func refusesCertificate(_ reason: String) -> Bool {
        // bad_certificate to certificate_unknown, unknown_ca, access_denied, certificate_required
        [42, 43, 44, 45, 46, 48, 49, 116].contains { reason.contains("SSL alert number \($0)") }
    }

    private func scramError(_ reason: String) -> KafkaError {
        let version = KafkaLibrary.versionText
        let cure =
            "use librdkafka \(KafkaLibrary.soundScram) or later, or PLAIN, OAUTHBEARER or mutual TLS in place of SCRAM"
        if brokerRefusesOldScram {
            return KafkaError(
                .scramRefused,
                "SCRAM fails between librdkafka \(version) and Kafka 4, with the right password too:"
                    + " librdkafka before \(KafkaLibrary.soundScram) sends a wrong nonce (the broker says: \(reason))",
                remedy: cure
            )
        }
        return KafkaError(
            .scramRefused,
            "the broker refuses the SCRAM login: \(reason)",
            remedy:
                "check sasl.username and sasl.password; if the broker is Kafka 3.8.1 or later and they are right,"
                + " \(cure), as librdkafka \(version) sends a wrong nonce"
        )
    }

    fileprivate func logLine(level: Int32, facility: UnsafePointer<CChar>?, text: UnsafePointer<CChar>) {
        if level >= 7, scramIsUnsound {
            noteFeatures(text)
            guard showsDebugLines else { return }
        }
        logger.log(
            level <= 3 ? .error : level == 4 ? .warning : level <= 6 ? .info : .debug,
            "librdkafka",
            String(cString: text),
            ["facility": .string(facility.map { String(cString: $0) } ?? "")]
        )
    }

    /// Kafka 4 dropped the oldest requests (KIP-896): there, Fetch starts at
    /// version 4 where Kafka 3 starts at 0. The broker says so before the login.
    private func noteFeatures(_ text: UnsafePointer<CChar>) {
        guard let found = strstr(text, "Fetch (1) Versions ") else { return }
        let number = found + "Fetch (1) Versions ".utf8.count
        if strtol(number, nil, 10) >= 4 { brokerRefusesOldScram = true }
    }
}
