import BinaryCoding
import RandomCutForest

extension EntityTable.Entry {
    /// The entity as bytes, see `StateForms`. O(size of the forest)
    func encoded() -> [UInt8] {
        var sections = SectionWriter(StateForms.entity)
        sections.append(StateForms.EntitySection.model) { writer in
            writer.write(counted: name)
            writer.write(lastUse)
            let (statistics, previous) = (detector.normalizer.statistics, detector.normalizer.previous)
            writer.write(list: Array(zip(statistics, previous.values))) { writer, feature in
                feature.0.write(to: &writer)
                writer.write(feature.1)
            }
            writer.write(optional: previous.timestamp) { $0.write($1) }
            detector.threshold.scores.write(to: &writer)
        }
        if let forest = detector.forest {
            sections.append(StateForms.EntitySection.forest) { $0.write(raw: forest.encodedState()) }
        }
        return sections.finish()
    }

    init(
        encoded bytes: [UInt8],
        features: [Feature],
        settings: StreamSettings
    ) throws(DetectorStateError) {
        do {
            let sections = try SectionReader(bytes, StateForms.entity)
            var reader = try sections.requiredSection(StateForms.EntitySection.model).reader
            let model = try SavedModel(from: &reader, featureCount: features.count)
            var forest: [UInt8]?
            if settings.scoring == .forests {
                var reader = try sections.requiredSection(StateForms.EntitySection.forest).reader
                forest = reader.readRest()
            }
            self = try model.entry(forest: forest, features: features, settings: settings.detector)
        } catch let error as BinaryCodingError {
            throw DetectorStateError(error)
        } catch let error as ForestError {
            throw DetectorStateError(error)
        } catch {
            throw DetectorStateError(.damaged, "\(error)")
        }
    }
}

/// All of a saved entity but the forest.
private struct SavedModel {
    let name: [UInt8]
    let lastUse: UInt64
    var statistics: [RunningStatistics] = []
    var previous: PreviousRecord
    let scores: RunningStatistics

    init(from reader: inout ByteReader, featureCount: Int) throws(BinaryCodingError) {
        name = try reader.readBytes()
        lastUse = try reader.readCounter()
        let count = try reader.readCount(ofSize: 32)
        guard count == featureCount else { throw reader.damaged("\(count) features of \(featureCount)") }
        previous = PreviousRecord(featureCount: count)
        for index in 0..<count {
            statistics.append(try RunningStatistics(from: &reader))
            previous.values[index] = try reader.readDouble()
        }
        previous.timestamp = try reader.readOptional { (reader) throws(BinaryCodingError) in try reader.read()
        }
        scores = try RunningStatistics(from: &reader)
        try reader.finish()
    }

    /// - Parameter forest: nil where a model outside scores.
    func entry(
        forest state: [UInt8]?,
        features: [Feature],
        settings: DetectorSettings
    ) throws(ForestError) -> EntityTable.Entry {
        let entity = String(decoding: name, as: UTF8.self)
        var forest: RandomCutForest?
        if let state {
            let configuration = EntityDetector.forestConfiguration(
                entity,
                featureCount: features.count,
                settings
            )
            forest = try RandomCutForest(state: state, of: configuration)
        }
        let detector = EntityDetector(
            entity: entity,
            features: features,
            settings: settings,
            forest: forest,
            normalizer: RowNormalizer(
                features,
                window: settings.normalizationWindow,
                statistics: statistics,
                previous: previous
            ),
            threshold: ScoreThreshold(settings.threshold, scores: scores)
        )
        detector.beginRowLog(base: lastUse)
        return EntityTable.Entry(name: name, detector: detector, lastUse: lastUse, isKnownOutside: true)
    }
}

extension RunningStatistics {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.write(count)
        writer.write(mean)
        writer.write(variance)
    }

    fileprivate init(from reader: inout ByteReader) throws(BinaryCodingError) {
        self.init(
            count: try reader.readDouble(),
            mean: try reader.readDouble(),
            variance: try reader.readDouble()
        )
        guard count >= 0, count == count.rounded(), mean.isFinite, variance >= 0 else {
            throw reader.damaged("statistics of \(count) values with mean \(mean) and variance \(variance)")
        }
    }
}
