import BinaryCoding

/// The entry that makes a save hold: everything that it names was safe before.
///
/// A `SectionedForm` of magic `TLchkpt1`; section 1: group, origin and name of the stream (texts), partition
/// (i32), epoch number (i64), generation (i32), next offset (i64), time of the save in
/// milliseconds since 1970 (i64), the manifest's body.
struct CheckpointHead: Hashable {
    var epoch: CheckpointEpoch
    var group: String
    var stream: RecordStream
    var nextOffset: Int64
    var savedAt: Int64
    var manifest: CheckpointBody

    private static let form = SectionedForm(name: "head of a checkpoint", magic: "TLchkpt1", version: 1)
    private static let suffix = "/head"

    static func entryName(_ epoch: CheckpointEpoch) -> String { epoch.entryName + suffix }

    /// Whether an entry is a head, by its name.
    static func isHead(_ name: String) -> Bool { name.hasSuffix(suffix) }

    func encoded() -> [UInt8] {
        var writer = SectionWriter(Self.form)
        writer.append(1) { writer in
            writer.write(group)
            writer.write(stream.origin)
            writer.write(stream.name)
            writer.write(stream.partition)
            writer.write(epoch.number)
            writer.write(epoch.generation)
            writer.write(nextOffset)
            writer.write(savedAt)
            manifest.write(to: &writer)
        }
        return writer.finish()
    }

    init(
        epoch: CheckpointEpoch,
        group: String,
        stream: RecordStream,
        nextOffset: Int64,
        savedAt: Int64,
        manifest: CheckpointBody
    ) {
        self.epoch = epoch
        self.group = group
        self.stream = stream
        self.nextOffset = nextOffset
        self.savedAt = savedAt
        self.manifest = manifest
    }

    init(_ bytes: [UInt8]) throws(BinaryCodingError) {
        var reader = try SectionReader(bytes, Self.form).requiredSection(1).reader
        group = try reader.readText()
        let (origin, name) = (try reader.readText(), try reader.readText())
        stream = RecordStream(origin: origin, name: name, partition: try reader.read())
        epoch = CheckpointEpoch(number: try reader.read(), generation: try reader.read())
        nextOffset = try reader.read()
        savedAt = try reader.read()
        manifest = try CheckpointBody(&reader)
        try reader.finish()
    }
}

extension CheckpointHead {
    /// The latest checkpoint of which every part is there.
    ///
    /// - Parameters:
    ///   - entries: all of the stream, by name.
    ///   - onIgnored: told why a later one is not whole.
    static func latestWhole(in entries: [String: [UInt8]], onIgnored: (String) -> Void) -> (
        head: CheckpointHead, checkpoint: Checkpoint
    )? {
        let heads = entries.filter { isHead($0.key) }.compactMap { name, bytes in
            do throws(BinaryCodingError) {
                return try CheckpointHead(bytes)
            } catch {
                onIgnored("\(name): \(error)")
                return nil
            }
        }
        for head in heads.sorted(by: { $0.epoch > $1.epoch }) {
            do {
                return (head, try head.checkpoint(in: entries))
            } catch {
                onIgnored("\(entryName(head.epoch)): \(error)")
            }
        }
        return nil
    }

    private func checkpoint(in entries: [String: [UInt8]]) throws -> Checkpoint {
        let manifest = try CheckpointManifest(manifest.bytes(in: entries))
        return Checkpoint(
            stream: stream,
            nextOffset: nextOffset,
            epoch: epoch,
            savedAt: savedAt,
            sections: try manifest.sections.mapValues { try $0.bytes(in: entries) }
        )
    }
}

/// Which sections a checkpoint has, and where.
///
/// A `SectionedForm` of magic `TLmanif1`; section 1: a u32 count, then name (text) and body of each.
struct CheckpointManifest: Hashable {
    var sections: [String: CheckpointBody]

    private static let form = SectionedForm(name: "manifest of a checkpoint", magic: "TLmanif1", version: 1)

    init(sections: [String: CheckpointBody]) {
        self.sections = sections
    }

    func encoded() -> [UInt8] {
        var writer = SectionWriter(Self.form)
        writer.append(1) { writer in
            writer.write(UInt32(sections.count))
            for (name, body) in sections.sorted(by: { $0.key < $1.key }) {
                writer.write(name)
                body.write(to: &writer)
            }
        }
        return writer.finish()
    }

    init(_ bytes: [UInt8]) throws(BinaryCodingError) {
        var reader = try SectionReader(bytes, Self.form).requiredSection(1).reader
        sections = [:]
        for _ in 0..<(try reader.read(UInt32.self)) {
            let name = try reader.readText()
            sections[name] = try CheckpointBody(&reader)
        }
        try reader.finish()
    }
}

extension CheckpointEpoch {
    /// Names an owner's entries: `NUMBER-GENERATION`.
    var entryName: String { "\(number)-\(generation)" }

    /// The epoch of an entry, by its name.
    init?(ofEntry name: String) {
        let parts = name.prefix { $0 != "/" }.split(
            separator: "-",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let number = Int64(parts[0]), let generation = Int32(parts[1]) else {
            return nil
        }
        self.init(number: number, generation: generation)
    }
}
