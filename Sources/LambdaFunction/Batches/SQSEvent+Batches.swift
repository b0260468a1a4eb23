import DetectionPipeline
import LambdaRuntime

extension SQSEvent {
    func batches() -> [FunctionBatch] {
        guard let first = messages.first else { return [] }
        let name = String(first.queueARN.split(separator: ":").last ?? "sqs")
        let stream = RecordStream(origin: "sqs:\(first.queueARN)", name: name)
        var lines = LineBatch()
        for message in messages {
            let identity = RecordIdentity(
                origin: stream.origin,
                id: message.id,
                name: name,
                timestamp: message.sent
            )
            lines.append(bytes[message.body], identity)
        }
        return [lines.batch(of: stream, order: .none, items: .identifiers(messages.map(\.id)))]
    }
}
