import JSONText
import LocalLambdaModel
import Telemetry

extension MappingRecord {
    /// The members of `EventSourceMappingConfiguration` that do not depend on how the mapping runs.
    func write(to json: inout JSONWriter, _ location: AWSLocation) {
        let configuration = configuration
        json.string("UUID", configuration.id.text)
        json.string("EventSourceMappingArn", configuration.arn(in: location))
        json.string("FunctionArn", configuration.function.arn(in: location))
        json.seconds("LastModified", milliseconds: configuration.lastModifiedMilliseconds)
        json.string("StartingPosition", configuration.startingPosition.name)
        if case .atTimestamp(let time) = configuration.startingPosition {
            json.seconds("StartingPositionTimestamp", milliseconds: time)
        }
        json.integer("BatchSize", configuration.batchSize)
        if let window = configuration.batchingWindowSeconds {
            json.integer("MaximumBatchingWindowInSeconds", window)
        }
        json.strings("Topics", [configuration.topic])
        configuration.writeSource(to: &json)
        if !configuration.sourceAccess.isEmpty {
            json.array("SourceAccessConfigurations") { json in
                for access in configuration.sourceAccess {
                    json.object { json in
                        json.string("Type", access.type)
                        json.string("URI", access.uri)
                    }
                }
            }
        }
        if !configuration.filterPatterns.isEmpty {
            json.object("FilterCriteria") { json in
                json.array("Filters") { json in
                    for pattern in configuration.filterPatterns {
                        json.object { $0.string("Pattern", pattern) }
                    }
                }
            }
        }
        configuration.writeErrorHandling(to: &json)
        for (name, value) in echoed.sorted(by: { $0.key < $1.key }) { json.value(name, value) }
    }
}

extension EventSourceMappingConfiguration {
    func arn(in location: AWSLocation) -> String { location.arn("lambda", "event-source-mapping:\(id)") }

    fileprivate func writeSource(to json: inout JSONWriter) {
        switch source {
        case .msk(let arn):
            json.string("EventSourceArn", arn)
            json.object("AmazonManagedKafkaEventSourceConfig") { $0.string("ConsumerGroupId", consumerGroup) }
        case .selfManaged(let servers):
            json.object("SelfManagedEventSource") { json in
                json.object("Endpoints") { $0.strings("KAFKA_BOOTSTRAP_SERVERS", servers) }
            }
            json.object("SelfManagedKafkaEventSourceConfig") { $0.string("ConsumerGroupId", consumerGroup) }
        }
    }

    fileprivate func writeErrorHandling(to json: inout JSONWriter) {
        if let destination = onFailureDestination {
            json.object("DestinationConfig") { json in
                json.object("OnFailure") { $0.string("Destination", destination) }
            }
        }
        guard let pollers = provisionedPollers else { return }
        json.object("ProvisionedPollerConfig") { json in
            json.integer("MinimumPollers", pollers.minimum)
            json.integer("MaximumPollers", pollers.maximum)
            if let group = pollers.group { json.string("PollerGroupName", group) }
        }
        json.integer("MaximumRetryAttempts", maximumRetryAttempts)
        json.integer("MaximumRecordAgeInSeconds", maximumRecordAgeSeconds)
        json.boolean("BisectBatchOnFunctionError", bisectsBatchOnFunctionError)
        if reportsBatchItemFailures { json.strings("FunctionResponseTypes", ["ReportBatchItemFailures"]) }
    }
}
