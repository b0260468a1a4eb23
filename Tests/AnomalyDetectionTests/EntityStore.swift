import AnomalyDetection
import SeededNumbers

/// Keeps what it is told of, as a store would.
struct EntityStore {
    /// Whether it takes rows, or always whole entities.
    var keepsRows = false
    private(set) var header: [UInt8] = []
    private(set) var entities: [[UInt8]: [UInt8]] = [:]
    private(set) var rows: [[UInt8]: [UInt8]] = [:]
    private(set) var revision: UInt64 = 0
    private(set) var writeCount = 0

    init(keepsRows: Bool = false) {
        self.keepsRows = keepsRows
    }

    mutating func save(_ detector: StreamDetector) {
        let changes = detector.changes(after: revision)
        if changes.isComplete { (entities, rows) = ([:], [:]) }
        for name in changes.removedEntities { (entities[name], rows[name]) = (nil, nil) }
        var rest = changes.changedEntities[...]
        while !rest.isEmpty {
            let portion = rest.prefix(3)
            let updates =
                keepsRows
                ? detector.updates(of: portion, in: changes)
                : detector.encodedEntities(portion).map { .whole($0) }
            for (name, update) in zip(portion, updates) {
                switch update {
                case .whole(let bytes): (entities[name], rows[name]) = (bytes, nil)
                case .rows(let bytes): rows[name] = bytes
                }
                writeCount += 1
            }
            rest = rest.dropFirst(3)
        }
        header = changes.header
        revision = changes.revision
    }

    func restored(_ settings: StreamSettings, _ random: inout SeededGenerator) throws -> StreamDetector {
        var restoration = try StreamRestoration(SavedStream(header: header), settings: settings, threads: 2)
        let names = entities.keys.sorted { $0.lexicographicallyPrecedes($1) }.shuffled(using: &random)
        for name in names {
            try restoration.add([entities[name] ?? []])
            if let bytes = rows[name] { try restoration.add(rows: [bytes]) }
        }
        return try restoration.finish()
    }
}
