import LocalLambdaModel
import Telemetry

extension LambdaControlPlane {
    func createEventSourceMapping(_ call: APICall) throws -> APIAnswer {
        let fields = try call.fields()
        guard let text = try fields.string("FunctionName") else {
            throw ControlPlaneError.invalid("functionName", "null", "Member must not be null")
        }
        let function = try mappedFunction(text)
        let tags = try fields.texts("Tags") ?? [:]
        try Tags.check(tags)
        var record = try MappingRecord(
            fields,
            id: EventSourceMappingID(randomUUID()),
            function: function,
            at: settings.millisecondsNow()
        )
        record.tags = tags
        try check(record.configuration)
        try checkAccess(record.configuration)
        let new = record
        try state.changeMapping(new.configuration.id) { stored, contents in
            if let other = contents.mappings.values.first(where: { $0.isSame(as: new) }) {
                throw ControlPlaneError(
                    .resourceConflict,
                    "The event source and function (\"\(function.name)\") provided mapping already exists for topic "
                        + "\(new.configuration.topic). Please update or delete the existing mapping with UUID "
                        + "\(other.configuration.id)"
                )
            }
            stored = new
        }
        mappings.apply(new.configuration)
        return answer(new, EventSourceMappingStatus(state: .creating))
    }

    func getEventSourceMapping(_ call: APICall) throws -> APIAnswer {
        let record = try mapping(call)
        return answer(record, status(of: record))
    }

    func listEventSourceMappings(_ call: APICall) throws -> APIAnswer {
        let function = try call.query("FunctionName").map { text throws(ControlPlaneError) in
            try APICall.function(text, "functionName")
        }
        let source = call.query("EventSourceArn").map { KafkaEventSource.msk(arn: $0) }
        forgetStopped()
        let records = state.snapshot.sortedMappings.filter { record in
            let configuration = record.configuration
            if let source, configuration.source != source { return false }
            guard let function else { return true }
            return configuration.function.name == function.name
                && (function.qualifier == nil || configuration.function.qualifier == function.qualifier)
        }
        let page = try Page(records, call, limit: Self.mappingPageLimit, key: \.configuration.id.text)
        return .json { json in
            json.array("EventSourceMappings") { json in
                for record in page.elements { json.object { write(record, status(of: record), to: &$0) } }
            }
            if let marker = page.marker { json.string("NextMarker", marker) }
        }
    }

    func updateEventSourceMapping(_ call: APICall) throws -> APIAnswer {
        var proposed = try mapping(call)
        let id = proposed.configuration.id
        let fields = try call.fields()
        let function = try fields.string("FunctionName").map { try mappedFunction($0) }
        if fields.has("SourceAccessConfigurations") {
            // Before the state is locked: a secret may come from an endpoint.
            try proposed.apply(fields)
            try checkAccess(proposed.configuration)
        }
        let (before, after) = try state.changeMapping(id) { record, _ in
            guard let before = record, !before.isDeleted else { throw mappingNotFound() }
            var after = before
            try after.apply(fields)
            after.configuration.function = function ?? before.configuration.function
            after.configuration.lastModifiedMilliseconds = settings.millisecondsNow()
            try check(after.configuration)
            record = after
            return (before, after)
        }
        mappings.apply(after.configuration)
        let state: EventSourceMappingStatus.State =
            switch (before.configuration.isEnabled, after.configuration.isEnabled) {
            case (true, false): .disabling
            case (false, true): .enabling
            default: .updating
            }
        let result = status(of: after).lastProcessingResult
        return answer(after, EventSourceMappingStatus(state: state, lastProcessingResult: result))
    }

    func deleteEventSourceMapping(_ call: APICall) throws -> APIAnswer {
        let id = try mapping(call).configuration.id
        let record = try state.changeMapping(id) { record, _ in
            guard let before = record else { throw mappingNotFound() }
            guard !before.isDeleted else {
                throw ControlPlaneError(
                    .resourceConflict,
                    "Cannot delete the event source mapping because it is in use: it is being deleted."
                )
            }
            record?.isDeleted = true
            return before
        }
        let result = status(of: record).lastProcessingResult
        mappings.remove(id)
        return answer(record, EventSourceMappingStatus(state: .deleting, lastProcessingResult: result))
    }

    /// Mappings of one answer at most.
    private static let mappingPageLimit = 100

    // MARK: Parts

    /// The function of a request, which must be there.
    private func mappedFunction(_ text: String) throws(ControlPlaneError) -> FunctionReference {
        let function = try APICall.function(text, "functionName")
        _ = try find(function)
        return FunctionReference(function.name, function.qualifier)
    }

    /// What does not stand in the request alone.
    private func check(_ mapping: EventSourceMappingConfiguration) throws(ControlPlaneError) {
        if let cluster = mapping.source.clusterName, !settings.isKnownCluster(cluster) {
            throw .invalid(
                "The cluster \(cluster) is not known to this local Lambda; give its brokers: --cluster \(cluster)=HOST:PORT"
            )
        }
        for pattern in mapping.filterPatterns {
            if let problem = settings.problemOfPattern(pattern) {
                throw .invalid("Invalid filter pattern definition: \(problem)")
            }
        }
    }

    /// As on AWS, a mapping whose secret cannot be read is not made.
    private func checkAccess(_ mapping: EventSourceMappingConfiguration) throws(ControlPlaneError) {
        guard !mapping.sourceAccess.isEmpty, let problem = settings.problemOfAccess(mapping) else { return }
        throw .invalid("Cannot access secret manager value: \(problem)")
    }

    private func mapping(_ call: APICall) throws(ControlPlaneError) -> MappingRecord {
        forgetStopped()
        let id = EventSourceMappingID(call.parameters["UUID"] ?? "")
        guard let record = state.snapshot.mappings[id] else { throw mappingNotFound() }
        return record
    }

    /// Takes out the deleted mappings whose pollers have stopped.
    private func forgetStopped() {
        for (id, record) in state.snapshot.mappings where record.isDeleted && mappings.status(of: id) == nil {
            // It is not in the file any more; so there is nothing that could fail.
            try? state.changeMapping(id) { record, _ in record = nil }
        }
    }

    func mappingNotFound() -> ControlPlaneError {
        ControlPlaneError(.resourceNotFound, "The resource you requested does not exist.")
    }

    private func status(of record: MappingRecord) -> EventSourceMappingStatus {
        let status = mappings.status(of: record.configuration.id)
        if record.isDeleted { return EventSourceMappingStatus(state: .deleting) }
        return status
            ?? EventSourceMappingStatus(state: record.configuration.isEnabled ? .creating : .disabled)
    }

    private func answer(_ record: MappingRecord, _ status: EventSourceMappingStatus) -> APIAnswer {
        .json { write(record, status, to: &$0) }
    }

    private func write(_ record: MappingRecord, _ status: EventSourceMappingStatus, to json: inout JSONWriter)
    {
        record.write(to: &json, state.location)
        json.string("State", status.state.rawValue)
        json.string("StateTransitionReason", status.stateTransitionReason)
        json.string("LastProcessingResult", status.lastProcessingResult)
    }
}

extension MappingRecord {
    /// Whether both bring the same records to the same function.
    fileprivate func isSame(as other: MappingRecord) -> Bool {
        !isDeleted && configuration.function == other.configuration.function
            && configuration.source == other.configuration.source
            && configuration.topic == other.configuration.topic
    }
}
