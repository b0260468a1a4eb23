import BinaryCoding
import DetectionPipeline
import LambdaRuntime

/// Records of an event that one set of models scores, in order.
struct FunctionBatch {
    /// Offsets are the records' own, or their places in `identities`.
    var batch: RecordBatch
    var identities: [RecordIdentity]?
    var order: Order
    /// How the answer names the items that the records come from; empty where it names none.
    var items: Items = .none

    enum Order {
        /// A stream of its own, whose models have the key.
        case stream(key: String, BatchPositions)
        /// Records of no order among each other.
        case none
    }

    enum Items {
        case none
        /// One for each record.
        case kafka(partition: String)
        /// Of each record, which may have items in common: lines of one message.
        case identifiers([String])
    }

    /// Records without the first `count` ones, which the models have seen. Of a shard's items, not of their lines.
    func firstRecord(afterSeen count: Int) -> Int {
        guard count > 0, case .stream(_, let positions) = order else { return 0 }
        guard count < positions.count else { return batch.records.count }
        return itemStarts.isEmpty ? count : itemStarts[count]
    }

    /// For positions of which each has several records, where each begins; empty where each has one.
    var itemStarts: [Int] = []

    /// The position of the item that the record at `index` belongs to.
    func position(ofRecord index: Int) -> Int {
        itemStarts.isEmpty ? index : (itemStarts.lastIndex { $0 <= index } ?? 0)
    }

    /// The end of a part of the batch that does not cut an item: at or behind `record`.
    func partEnd(_ record: Int) -> Int {
        guard record < batch.records.count else { return batch.records.count }
        return itemStarts.isEmpty ? record : itemStarts.first { $0 >= record } ?? batch.records.count
    }

    /// What the answer names so that everything from the record at `index` on is given again: in an ordered stream one
    /// item stands for all behind it.
    func failures(fromRecord index: Int) -> [BatchResponse.Item] {
        guard index < batch.records.count else { return [] }
        switch items {
        case .none: return []
        case .kafka(let partition): return [.kafka(partition: partition, offset: batch.records[index].offset)]
        case .identifiers(let identifiers):
            if case .stream = order { return [.identifier(identifiers[index])] }
            var named: Set<String> = []
            return identifiers[index...].filter { named.insert($0).inserted }.map { .identifier($0) }
        }
    }

    /// The records from `range` as a batch of their own.
    func part(_ range: Range<Int>) -> RecordBatch {
        guard range != batch.records.indices else { return batch }
        var part = batch
        part.records = Array(batch.records[range])
        return part
    }
}

extension RecordIdentity {
    /// Of a record that its source names by a text. The text is in the origin, which makes it unique; its hash is the
    /// offset, for whoever looks at nothing else.
    init(origin: String, id: String, name: String, timestamp: Int64) {
        let offset = Int64(stableHash(id.utf8) >> 1)
        self.init(
            stream: RecordStream(origin: "\(origin)/\(id)", name: name),
            offset: offset,
            timestampMilliseconds: timestamp
        )
    }
}
