import DetectionPipeline
import LambdaRuntime

extension DirectEvent {
    /// - Parameter requestID: with the index the identity of a record.
    func batch(requestID: String) -> FunctionBatch {
        let stream = RecordStream(origin: "request:\(requestID)", name: "direct")
        var lines = LineBatch()
        for (index, record) in records.enumerated() {
            let identity = RecordIdentity(stream: stream, offset: Int64(index))
            lines.append(record.value ?? [], identity, defect: record.defect)
        }
        return lines.batch(of: stream, order: .none)
    }
}
