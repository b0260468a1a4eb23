import DetectionPipeline
import LambdaRuntime

extension SQSEvent {
    /// The messages of a standard queue are one batch. Each message group of a FIFO queue is a batch of its own, so that
    /// one that fails holds up no other.
    func batches() -> [FunctionBatch] {
        var groups: [String?: [Message]] = [:]
        var order: [String?] = []
        for message in messages {
            if groups[message.groupID] == nil { order.append(message.groupID) }
            groups[message.groupID, default: []].append(message)
        }
        return order.compactMap { groups[$0].flatMap(batch) }
    }

    private func batch(_ messages: [Message]) -> FunctionBatch? {
        guard let first = messages.first else { return nil }
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
        return lines.batch(of: stream, order: .none, items: .identifiers(messages.map(\.id)))
    }
}
