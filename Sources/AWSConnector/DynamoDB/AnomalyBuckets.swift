/// The partition keys that may hold the records of a condition, newest first: hours of a service, or minutes of all.
struct AnomalyBuckets: Sequence {
    struct Element {
        let service: String?
        let time: AnomalyTime

        var isOfAllServices: Bool { service == nil }
        var keyName: String { isOfAllServices ? "tpk" : "pk" }

        func key(_ shard: Int) -> String {
            service.map { AnomalyKeys.pk(service: $0, hour: time.hour, shard: shard) }
                ?? AnomalyKeys.tpk(minute: time.minute, shard: shard)
        }
    }

    private let condition: AnomalyTableReader.Condition

    init(_ condition: AnomalyTableReader.Condition) {
        self.condition = condition
    }

    func makeIterator() -> AnyIterator<Element> {
        let width: Int64 = (condition.service == nil ? 60 : 3_600) * 1_000_000_000
        func start(_ time: Int64) -> Int64 { time - (time % width + width) % width }
        let first = start(condition.since)
        var next = start(condition.until - 1)
        return AnyIterator {
            guard next >= first, condition.since < condition.until else { return nil }
            defer { next -= width }
            return Element(service: condition.service, time: AnomalyTime(nanoseconds: next))
        }
    }
}
