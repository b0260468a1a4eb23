import AnomalyDetection
import DetectionConfiguration
import DetectionPipeline
import TypedValues

/// A checkpoint for people: one line, and what is in it below.
///
///     timberline/app-logs/3  next offset 12345  saved 2026-01-31T12:00:00Z (3 min ago)  epoch 7 (generation 5)  1.2 MB
///         json by service, 12 models of 50 trees and 256 samples: duration_ms, bytes
enum InspectionText {
    /// - Parameter now: milliseconds since 1970.
    static func lines(_ inspection: CheckpointInspection, now: Int64) -> [String] {
        var head = [ScoredRecordText.printable(inspection.stream.description, limit: 400)]
        if let found = inspection.checkpoint {
            let age = NumberText.quantity(Double(max(0, now - found.savedAt)) / 1_000, unit: "s")
            head += [
                "next offset \(found.nextOffset)",
                "saved \(InstantText.rfc3339(found.savedAt * 1_000_000)) (\(age) ago)",
                "epoch \(found.epoch.number) (generation \(found.epoch.generation))",
            ]
        }
        head.append(NumberText.quantity(Double(inspection.byteCount), unit: "B"))
        if !inspection.isWhole { head.append("NOT WHOLE") }
        var lines = [head.joined(separator: "  ")]
        if let found = inspection.checkpoint, inspection.isWhole {
            lines += (found.models.map(models) ?? ["at its start, no models yet"]).map { "    \($0)" }
        }
        return lines
            + inspection.problems.map { "    damaged: \(ScoredRecordText.printable($0, limit: 400))" }
    }

    private static func models(_ models: CheckpointInspection.Models) -> [String] {
        let (saved, settings) = (models.saved, models.saved.settings.detector)
        let entity = saved.settings.entityField.map { " by \($0)" } ?? ""
        var lines = [
            "\(saved.format.name)\(entity), \(models.count) models of \(settings.treeCount) trees and "
                + "\(settings.sampleSize) samples: \(saved.features.map(\.name).joined(separator: ", "))",
            "threshold \(ValueType<ThresholdPolicy>.threshold.text(of: settings.threshold)), seed \(settings.seed), "
                + "at most \(settings.maximumEntities) entities",
        ]
        if let decay = settings.timeDecay { lines[1] += ", time decay \(decay)" }
        if saved.droppedEntityCount > 0 { lines[1] += ", \(saved.droppedEntityCount) dropped so far" }
        return lines.map { ScoredRecordText.printable($0, limit: 400) }
    }
}
