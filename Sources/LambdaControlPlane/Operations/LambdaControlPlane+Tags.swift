import HTTPServer
import LocalLambdaModel

extension LambdaControlPlane {
    /// What tags belong to.
    private enum Resource {
        case function(FunctionName)
        case mapping(EventSourceMappingID)
    }

    func listTags(_ call: APICall) throws -> APIAnswer {
        let contents = state.snapshot
        let tags: [String: String]? =
            switch try resource(call) {
            case .function(let name): contents.functions[name]?.tags
            case .mapping(let id): contents.mappings[id]?.tags
            }
        guard let tags else { throw mappingNotFound() }
        return .json { $0.texts("Tags", tags) }
    }

    func tagResource(_ call: APICall) throws -> APIAnswer {
        let added = try call.fields().texts("Tags") ?? [:]
        try changeTags(call) { $0.merge(added) { $1 } }
        return .empty
    }

    func untagResource(_ call: APICall) throws -> APIAnswer {
        let keys = call.request.queryValues("tagKeys")
        try changeTags(call) { tags in for key in keys { tags[key] = nil } }
        return .empty
    }

    private func changeTags(_ call: APICall, _ change: (inout [String: String]) -> Void) throws {
        switch try resource(call) {
        case .function(let name):
            try state.changeFunction(name) { record, _ in
                guard var changed = record else { throw notFound(FunctionReference(name)) }
                change(&changed.tags)
                try Tags.check(changed.tags)
                record = changed
            }
        case .mapping(let id):
            try state.changeMapping(id) { record, _ in
                guard var changed = record, !changed.isDeleted else { throw mappingNotFound() }
                change(&changed.tags)
                try Tags.check(changed.tags)
                record = changed
            }
        }
    }

    /// Reads the ARN of a function or of a mapping.
    private func resource(_ call: APICall) throws(ControlPlaneError) -> Resource {
        let arn = call.parameters["Resource"] ?? ""
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 7, parts[0] == "arn", parts[2] == "lambda" {
            if parts[5] == "function", let name = FunctionName(parts[6]) { return .function(name) }
            if parts[5] == "event-source-mapping" { return .mapping(EventSourceMappingID(String(parts[6]))) }
        }
        throw .invalid(
            "resource",
            arn,
            "Member must be the ARN of a function without qualifier, or of a mapping"
        )
    }
}
