import CLibrdkafka

extension KafkaAdmin {
    /// A topic's settings in force, the broker's defaults included. Those that a broker keeps
    /// secret are absent.
    ///
    /// - Throws: `unknownTopicOrPartition`; `topicAuthorizationFailed` for a user that may not ask.
    public func settings(
        ofTopic name: String,
        timeout: Duration = .seconds(30)
    ) throws(KafkaError) -> [String: String] {
        let place = "describe the settings of topic \(name)"
        let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        var resources: [OpaquePointer?] = [resource]
        return try request(place, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout) { options, answers in
            rd_kafka_DescribeConfigs(handle.pointer, &resources, resources.count, options, answers)
        } read: { event throws(KafkaError) in
            var count = 0
            let answers = rd_kafka_DescribeConfigs_result_resources(
                rd_kafka_event_DescribeConfigs_result(event),
                &count
            )
            guard count == 1, let answer = answers?[0] else {
                throw KafkaError(.invalidState, "\(place): an answer without the topic")
            }
            let code = rd_kafka_ConfigResource_error(answer)
            if code != RD_KAFKA_RESP_ERR_NO_ERROR {
                let detail = rd_kafka_ConfigResource_error_string(answer).map { String(cString: $0) }
                throw KafkaError(code, place, detail: detail)
            }
            let entries = rd_kafka_ConfigResource_configs(answer, &count)
            var settings: [String: String] = [:]
            for index in 0..<count {
                guard let entry = entries?[index], let value = rd_kafka_ConfigEntry_value(entry) else {
                    continue
                }
                settings[String(cString: rd_kafka_ConfigEntry_name(entry))] = String(cString: value)
            }
            return settings
        }
    }
}
