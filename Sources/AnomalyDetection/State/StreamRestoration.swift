import BinaryCoding
import LogRecords
import Patterns

/// Makes a ``StreamDetector`` go on from a saved one: the header first, then the entities and rows in any
/// order and in portions of any size, so that they need not be in memory as bytes all at once.
public struct StreamRestoration {
    private let saved: SavedStream
    private let settings: StreamSettings
    private let workers: Workers
    private var entries: [EntityTable.Entry] = []
    private var rows: [[UInt8]: EntityRows] = [:]

    /// - Parameters:
    ///   - settings: as configured now; `saved.settings` goes on with those of then.
    ///   - threads: how many threads the detector may use.
    /// - Throws: `mismatch` if models cannot go on under these settings. Of what differs, see
    ///   ``SavedStream/changes(to:)``, the threshold, the normalisation window and the most entities are taken over.
    public init(_ saved: SavedStream, settings: StreamSettings, threads: Int = 1) throws(DetectorStateError) {
        let changes = saved.changes(to: settings).filter { !$0.keepsModels }
        guard changes.isEmpty else { throw DetectorStateError(mismatch: changes) }
        self.saved = saved
        self.settings = settings
        workers = Workers(threads)
    }

    /// Loads entities, in parallel. O(size of their forests)
    ///
    /// - Throws: `damaged` or `newer`.
    public mutating func add(_ entities: [[UInt8]]) throws(DetectorStateError) {
        let (features, settings) = (saved.features, settings)
        let loaded = workers.map(entities) { bytes in
            Result { () throws(DetectorStateError) in
                try EntityTable.Entry(encoded: bytes, features: features, settings: settings)
            }
        }
        for entry in loaded { entries.append(try entry.get()) }
    }

    /// Takes the rows that were stored beside entities, see ``EntityUpdate``.
    ///
    /// - Throws: `damaged` or `newer`.
    public mutating func add(rows more: [[UInt8]]) throws(DetectorStateError) {
        guard more.isEmpty || settings.scoring == .forests else {
            throw DetectorStateError(.damaged, "rows are stored of entities without a forest")
        }
        for bytes in more {
            do throws(BinaryCodingError) {
                let log = try EntityRows(encoded: bytes, featureCount: saved.features.count)
                rows[log.name] = log
            } catch {
                throw DetectorStateError(error)
            }
        }
    }

    /// The detector, as it was when it was saved. O(rows · cost of a record), in parallel.
    ///
    /// - Throws: `incomplete` if the entities are not those of the header.
    public consuming func finish() throws(DetectorStateError) -> StreamDetector {
        let rows = rows
        let entries = workers.map(entries) { entry in
            var entry = entry
            rows[entry.name]?.replay(on: &entry)
            return entry
        }
        let detector: StreamDetector
        do {
            var decoder = try LineDecoder(saved.format, referenceYear: saved.decoderState.year)
            decoder.state = saved.decoderState
            detector = StreamDetector(
                decoder: decoder,
                plan: FeaturePlan(features: saved.features, entityField: settings.entityField),
                settings: settings,
                threads: workers.count
            )
        } catch {
            throw DetectorStateError(.damaged, error.message)
        }
        let sum = EntityTable.digest(of: entries)
        guard entries.count == saved.entityCount, sum == saved.digest,
            entries.allSatisfy({ $0.lastUse <= saved.revision }),
            detector.entities.restore(
                entries,
                revision: saved.revision,
                droppedCount: saved.droppedEntityCount
            )
        else {
            throw DetectorStateError(
                .incomplete,
                "\(entries.count) entities were stored for the \(saved.entityCount) of the header, "
                    + "or some of them at another time"
            )
        }
        return detector
    }
}
