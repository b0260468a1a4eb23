import LocalLambdaModel
import Telemetry

extension LambdaControlPlane {
    /// What must be left to functions without a reservation.
    private static let minimumUnreserved = 100

    func putFunctionConcurrency(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        guard let reserved = try call.fields().integer("ReservedConcurrentExecutions", 0...Int(Int32.max))
        else {
            throw ControlPlaneError.invalid("reservedConcurrentExecutions", "null", "Member must not be null")
        }
        try state.changeFunction(function.name) { record, contents in
            guard record != nil else { throw notFound(function) }
            let others = contents.functions.filter { $0.key != function.name }
                .reduce(0) { $0 + ($1.value.reservedConcurrency ?? 0) }
            guard others + reserved <= max(0, settings.accountConcurrency - Self.minimumUnreserved) else {
                throw ControlPlaneError.invalid(
                    "Specified ReservedConcurrentExecutions for function decreases account's "
                        + "UnreservedConcurrentExecution below its minimum value of [\(Self.minimumUnreserved)]."
                )
            }
            record?.reservedConcurrency = reserved
        }
        runner.functionDidChange(function.name)
        return .json { $0.integer("ReservedConcurrentExecutions", reserved) }
    }

    func getFunctionConcurrency(_ call: APICall) throws -> APIAnswer {
        let record = try record(of: call.function())
        return .json { json in
            if let reserved = record.reservedConcurrency {
                json.integer("ReservedConcurrentExecutions", reserved)
            }
        }
    }

    func deleteFunctionConcurrency(_ call: APICall) throws -> APIAnswer {
        let function = try call.function()
        try state.changeFunction(function.name) { record, _ in
            guard record != nil else { throw notFound(function) }
            record?.reservedConcurrency = nil
        }
        runner.functionDidChange(function.name)
        return .empty
    }

    func getAccountSettings(_ call: APICall) throws -> APIAnswer {
        let functions = state.snapshot.functions.values
        let reserved = functions.reduce(0) { $0 + ($1.reservedConcurrency ?? 0) }
        let bytes = functions.flatMap(\.allVersions).reduce(0) { $0 + $1.configuration.code.byteCount }
        return .json { json in
            json.object("AccountLimit") { json in
                json.integer("TotalCodeSize", 75 << 30)
                json.integer("CodeSizeUnzipped", 250 << 20)
                json.integer("CodeSizeZipped", CodeStorage.uploadLimit)
                json.integer("ConcurrentExecutions", settings.accountConcurrency)
                json.integer("UnreservedConcurrentExecutions", max(0, settings.accountConcurrency - reserved))
            }
            json.object("AccountUsage") { json in
                json.integer("TotalCodeSize", bytes)
                json.integer("FunctionCount", functions.count)
            }
        }
    }
}
