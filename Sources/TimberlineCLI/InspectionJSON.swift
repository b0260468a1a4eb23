import AnomalyDetection
import DetectionConfiguration
import DetectionPipeline
import Telemetry
import TypedValues

/// A checkpoint as one JSON object on one line. The names are stable; docs/OPERATIONS.md has them.
enum InspectionJSON {
    /// - Parameter now: milliseconds since 1970.
    static func line(_ inspection: CheckpointInspection, now: Int64) -> String {
        var json = JSONWriter()
        json.object { json in
            json.string("group", inspection.stream.group)
            json.string("topic", inspection.stream.topic)
            json.integer("partition", inspection.stream.partition)
            json.string("origin", inspection.stream.origin)
            json.boolean("whole", inspection.isWhole)
            json.integer("bytes", inspection.byteCount)
            json.integer("entries", inspection.entryCount)
            if let found = inspection.checkpoint { add(found, now: now, to: &json) }
            json.array("problems") { json in
                for problem in inspection.problems { json.string(nil, problem) }
            }
        }
        return json.text
    }

    private static func add(_ found: CheckpointInspection.Found, now: Int64, to json: inout JSONWriter) {
        json.integer("next_offset", found.nextOffset)
        json.integer("epoch", found.epoch.number)
        json.integer("generation", found.epoch.generation)
        json.string("saved_at", InstantText.rfc3339(found.savedAt * 1_000_000))
        json.number("age_seconds", Double(max(0, now - found.savedAt)) / 1_000)
        guard let models = found.models else { return }
        let (saved, detector) = (models.saved, models.saved.settings.detector)
        json.string("format", saved.format.name)
        json.array("features") { json in
            for feature in saved.features { json.string(nil, feature.name) }
        }
        json.integer("models", models.count)
        json.integer("entities", saved.entityCount)
        json.integer("dropped_entities", saved.droppedEntityCount)
        json.object("settings") { json in
            json.string("by", saved.settings.entityField)
            json.integer("trees", detector.treeCount)
            json.integer("samples", detector.sampleSize)
            json.number("time_decay", detector.timeDecay)
            json.integer("seed", detector.seed)
            json.string("threshold", ValueType<ThresholdPolicy>.threshold.text(of: detector.threshold))
            json.integer("warm_up", detector.warmUp)
            json.integer("normalization_window", detector.normalizationWindow)
            json.integer("maximum_entities", detector.maximumEntities)
        }
    }
}
