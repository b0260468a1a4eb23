import DetectionPipeline
import LambdaRuntime

extension CloudWatchLogsEvent {
    /// - Parameter requestID: names what could not be read.
    func batches(requestID: String) -> [FunctionBatch] {
        var lines = LineBatch()
        if let defect {
            let identity = RecordIdentity(
                origin: "request:\(requestID)",
                id: "0",
                name: "awslogs",
                timestamp: 0
            )
            lines.append(bytes, identity, defect: defect)
        }
        append(to: &lines)
        guard lines.count > 0 else { return [] }
        return [lines.batch(of: RecordStream(origin: "logs:\(logGroup)", name: logGroup), order: .none)]
    }

    func append(to lines: inout LineBatch) {
        for event in events {
            let identity = RecordIdentity(
                origin: "logs:\(logGroup)/\(logStream)",
                id: event.id,
                name: logGroup,
                timestamp: event.timestamp
            )
            lines.append(bytes[event.message], identity)
        }
    }
}
