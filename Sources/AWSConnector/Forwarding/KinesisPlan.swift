import AWSServices

/// Which records of a batch go into the next call of PutRecords, and what its answer means. A value: it calls nobody.
struct KinesisPlan {
    private let sizes: [Int]
    /// The number of each record's partition key.
    private let keys: [Int]
    /// Records that go one after the other, never two of them in one call.
    private var lanes: ArraySlice<ArraySlice<Int>>
    private var refusedKeys: Set<Int> = []
    private(set) var isDone: [Bool]
    /// Why some records were not taken.
    private(set) var error: AWSError?

    /// - Parameters:
    ///   - records: in their order.
    ///   - isDone: of each, whether the stream has it already.
    init(_ records: [Kinesis.Record], isDone: [Bool], order: KinesisOrder) {
        sizes = records.map(\.byteCount)
        self.isDone = isDone
        var numbers: [String: Int] = [:]
        var keys: [Int] = []
        for record in records {
            let number = numbers[record.partitionKey] ?? numbers.count
            numbers[record.partitionKey] = number
            keys.append(number)
        }
        self.keys = keys
        let open = records.indices.filter { !isDone[$0] }
        switch order {
        case .relaxed: lanes = open.map { [$0] }[...]
        case .strict:
            var byKey: [[Int]] = Array(repeating: [], count: numbers.count)
            for position in open { byKey[keys[position]].append(position) }
            lanes = byKey.filter { !$0.isEmpty }.map { $0[...] }[...]
        }
    }

    /// How many records from the front the stream has.
    var finishedCount: Int { isDone.prefix { $0 }.count }

    /// The positions of the next call's records, in their order; nil where no more can be sent.
    mutating func next() -> [Int]? {
        var call: [Int] = []
        var byteCount = 0
        var more: [ArraySlice<Int>] = []
        while call.count < Kinesis.recordLimit, let lane = lanes.first, let position = lane.first {
            if refusedKeys.contains(keys[position]) {
                lanes.removeFirst()
                continue
            }
            guard call.isEmpty || byteCount + sizes[position] <= Kinesis.callByteLimit else { break }
            lanes.removeFirst()
            call.append(position)
            byteCount += sizes[position]
            if lane.count > 1 { more.append(lane.dropFirst()) }
        }
        lanes += more
        return call.isEmpty ? nil : call
    }

    /// Takes the answer to a call: why records failed, by their places in it. No more of their keys are sent.
    mutating func ended(_ call: [Int], failures: [Int: AWSError]) {
        for (place, position) in call.enumerated() {
            if let failure = failures[place] {
                error = error ?? failure
                refusedKeys.insert(keys[position])
            } else if !refusedKeys.contains(keys[position]) {
                isDone[position] = true
            }
        }
    }

    /// Takes a call that failed whole: no more is sent.
    mutating func stopped(by error: AWSError) {
        self.error = error
        lanes = []
    }
}
