/// Where the parts of one stream's checkpoint lie, for one owner: decides what a save
/// writes and what it makes useless. A value: it does no input or output.
struct CheckpointLayout {
    /// The entries that a save writes.
    struct Plan {
        fileprivate(set) var bodies: [CheckpointKey: [UInt8]?] = [:]
        fileprivate(set) var head: [CheckpointKey: [UInt8]?] = [:]
        fileprivate var sections: [String: CheckpointBody] = [:]
        fileprivate var manifest: CheckpointBody
    }

    let stream: String
    let epoch: CheckpointEpoch
    private var saveNumber: UInt64 = 0
    private var sections: [String: CheckpointBody] = [:]
    private var manifest: CheckpointBody?
    /// Everything of ours or earlier owners that may be there.
    private var present: Set<String>

    /// - Parameter keys: the names of all entries of the stream that are there.
    init(_ stream: String, keys: some Sequence<String>, generation: Int32) {
        self.stream = stream
        present = Set(keys)
        // By their names, so that a head which cannot be read counts too.
        epoch = CheckpointEpoch(
            after: present.compactMap { CheckpointEpoch(ofEntry: $0) }.max(),
            generation: generation
        )
    }

    /// Bytes of all sections as saved.
    var byteCount: Int { sections.values.reduce(0) { $0 + $1.byteCount } }

    mutating func plan(
        _ change: CheckpointChange,
        of stream: RecordStream,
        group: String,
        chunkSize: Int
    ) -> Plan {
        saveNumber += 1
        var index: UInt32 = 0
        var bodies: [CheckpointKey: [UInt8]?] = [:]
        func place(_ bytes: [UInt8]) -> CheckpointBody {
            let body = CheckpointBody(
                bytes,
                epoch: epoch,
                save: saveNumber,
                index: index,
                chunkSize: chunkSize
            )
            index += 1
            for (name, chunk) in zip(body.entryNames, body.chunks(of: bytes)) {
                bodies[CheckpointKey(stream: self.stream, name: name)] = .some(Array(chunk))
            }
            return body
        }
        var sections = change.isWhole ? [:] : sections
        for name in change.removed { sections[name] = nil }
        for (name, bytes) in change.changed.sorted(by: { $0.key < $1.key }) { sections[name] = place(bytes) }
        let manifest = place(CheckpointManifest(sections: sections).encoded())
        let head = CheckpointHead(
            epoch: epoch,
            group: group,
            stream: stream,
            nextOffset: change.nextOffset,
            savedAt: change.savedAt,
            manifest: manifest
        )
        let key = CheckpointKey(stream: self.stream, name: CheckpointHead.entryName(epoch))
        present.formUnion(bodies.keys.map(\.name))
        present.insert(key.name)
        return Plan(bodies: bodies, head: [key: head.encoded()], sections: sections, manifest: manifest)
    }

    mutating func saved(_ plan: Plan) {
        sections = plan.sections
        manifest = plan.manifest
    }

    /// The removal of all that the head saved last does not need.
    var garbage: [CheckpointKey: [UInt8]?] {
        var needed: Set = [CheckpointHead.entryName(epoch)]
        for body in sections.values { needed.formUnion(body.entryNames) }
        if let manifest { needed.formUnion(manifest.entryNames) }
        let names = present.subtracting(needed).map { CheckpointKey(stream: stream, name: $0) }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, nil) })
    }

    /// Notes that entries are no more.
    mutating func removed(_ keys: some Sequence<CheckpointKey>) {
        present.subtract(keys.map(\.name))
    }
}
