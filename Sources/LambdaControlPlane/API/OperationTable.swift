/// The operations that are here: method, path and status as in botocore's model of Lambda.
enum OperationTable {
    static let operations: [Operation] = functions + versions + mappings + tags + account

    private static let functions = [
        Operation("CreateFunction", "POST", "/2015-03-31/functions", 201) { $0.createFunction },
        Operation("ListFunctions", "GET", "/2015-03-31/functions", 200) { $0.listFunctions },
        Operation("GetFunction", "GET", "/2015-03-31/functions/{FunctionName}", 200) { $0.getFunction },
        Operation("DeleteFunction", "DELETE", "/2015-03-31/functions/{FunctionName}", 200) {
            $0.deleteFunction
        },
        Operation(
            "GetFunctionConfiguration",
            "GET",
            "/2015-03-31/functions/{FunctionName}/configuration",
            200
        ) {
            $0.getFunctionConfiguration
        },
        Operation(
            "UpdateFunctionConfiguration",
            "PUT",
            "/2015-03-31/functions/{FunctionName}/configuration",
            200
        ) {
            $0.updateFunctionConfiguration
        },
        Operation("UpdateFunctionCode", "PUT", "/2015-03-31/functions/{FunctionName}/code", 200) {
            $0.updateFunctionCode
        },
        Operation("Invoke", "POST", "/2015-03-31/functions/{FunctionName}/invocations", 200) { $0.invoke },
        Operation("PutFunctionConcurrency", "PUT", "/2017-10-31/functions/{FunctionName}/concurrency", 200) {
            $0.putFunctionConcurrency
        },
        Operation(
            "DeleteFunctionConcurrency",
            "DELETE",
            "/2017-10-31/functions/{FunctionName}/concurrency",
            204
        ) {
            $0.deleteFunctionConcurrency
        },
        Operation("GetFunctionConcurrency", "GET", "/2019-09-30/functions/{FunctionName}/concurrency", 200) {
            $0.getFunctionConcurrency
        },
        Operation(
            "GetFunctionCodeSigningConfig",
            "GET",
            "/2020-06-30/functions/{FunctionName}/code-signing-config",
            200
        ) { $0.getFunctionCodeSigningConfig },
    ]

    private static let versions = [
        Operation("PublishVersion", "POST", "/2015-03-31/functions/{FunctionName}/versions", 201) {
            $0.publishVersion
        },
        Operation("ListVersionsByFunction", "GET", "/2015-03-31/functions/{FunctionName}/versions", 200) {
            $0.listVersionsByFunction
        },
        Operation("CreateAlias", "POST", "/2015-03-31/functions/{FunctionName}/aliases", 201) {
            $0.createAlias
        },
        Operation("ListAliases", "GET", "/2015-03-31/functions/{FunctionName}/aliases", 200) {
            $0.listAliases
        },
        Operation("GetAlias", "GET", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", 200) {
            $0.getAlias
        },
        Operation("UpdateAlias", "PUT", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", 200) {
            $0.updateAlias
        },
        Operation("DeleteAlias", "DELETE", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", 204) {
            $0.deleteAlias
        },
    ]

    private static let mappings = [
        Operation("CreateEventSourceMapping", "POST", "/2015-03-31/event-source-mappings", 202) {
            $0.createEventSourceMapping
        },
        Operation("ListEventSourceMappings", "GET", "/2015-03-31/event-source-mappings", 200) {
            $0.listEventSourceMappings
        },
        Operation("GetEventSourceMapping", "GET", "/2015-03-31/event-source-mappings/{UUID}", 200) {
            $0.getEventSourceMapping
        },
        Operation("UpdateEventSourceMapping", "PUT", "/2015-03-31/event-source-mappings/{UUID}", 202) {
            $0.updateEventSourceMapping
        },
        Operation("DeleteEventSourceMapping", "DELETE", "/2015-03-31/event-source-mappings/{UUID}", 202) {
            $0.deleteEventSourceMapping
        },
    ]

    private static let tags = [
        Operation("ListTags", "GET", "/2017-03-31/tags/{Resource}", 200) { $0.listTags },
        Operation("TagResource", "POST", "/2017-03-31/tags/{Resource}", 204) { $0.tagResource },
        Operation("UntagResource", "DELETE", "/2017-03-31/tags/{Resource}", 204) { $0.untagResource },
    ]

    private static let account = [
        Operation("GetAccountSettings", "GET", "/2016-08-19/account-settings", 200) { $0.getAccountSettings }
    ]

    /// The operation and the parameters of its path; nil where there is none. Slashes at the end do not count, as older
    /// SDKs send one. O(operations).
    static func find(_ method: String, _ path: String) -> (Operation, [String: String])? {
        let parts = path.split(separator: "/")
        for operation in operations where operation.method == method {
            if let parameters = operation.path.parameters(in: parts) { return (operation, parameters) }
        }
        return nil
    }
}
