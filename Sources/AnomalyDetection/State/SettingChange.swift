import Patterns

/// A setting that is not what saved models were made with.
public struct SettingChange: Sendable, Hashable, CustomStringConvertible {
    public enum Setting: String, Sendable, Hashable, CaseIterable {
        case scoring, format, features, entityField
        case treeCount, sampleSize, timeDecay, seed, warmUp
        case threshold, normalizationWindow, maximumEntities
    }

    public let setting: Setting
    /// Both values, for people.
    public let saved: String
    public let configured: String

    /// Whether models go on as if nothing was; false for what they are made of.
    public var keepsModels: Bool {
        switch setting {
        case .scoring, .format, .features, .entityField, .treeCount, .sampleSize, .timeDecay, .seed, .warmUp:
            false
        case .threshold, .normalizationWindow, .maximumEntities: true
        }
    }

    public var description: String { "\(setting.rawValue) was \(saved), is \(configured)" }
}

extension StreamSettings {
    /// The settings that differ in `other`, in the order of ``SettingChange/Setting``.
    func changes(to other: StreamSettings) -> [SettingChange] {
        SettingChange.Setting.allCases
            .filter { !isSame($0, in: other) }
            .map { SettingChange(setting: $0, saved: text(of: $0), configured: other.text(of: $0)) }
    }

    private func isSame(_ setting: SettingChange.Setting, in other: StreamSettings) -> Bool {
        switch setting {
        case .scoring: scoring == other.scoring
        case .features: features == other.features
        case .entityField: entityField == other.entityField
        default: text(of: setting) == other.text(of: setting)
        }
    }

    /// The setting's value for people.
    private func text(of setting: SettingChange.Setting) -> String {
        switch setting {
        case .scoring: if case .external(let name) = scoring { name } else { "forests" }
        case .format: format?.fullName ?? "found"
        case .features: features.map { $0.map(\.fullName).joined(separator: ", ") } ?? "standard"
        case .entityField: entityField ?? "none"
        case .treeCount: "\(detector.treeCount)"
        case .sampleSize: "\(detector.sampleSize)"
        case .timeDecay: detector.timeDecay.map { "\($0)" } ?? "standard"
        case .seed: "\(detector.seed)"
        case .warmUp: "\(detector.warmUp)"
        case .threshold: detector.threshold.fullName
        case .normalizationWindow: "\(detector.normalizationWindow)"
        case .maximumEntities: "\(detector.maximumEntities)"
        }
    }
}

extension LineFormat {
    fileprivate var fullName: String {
        guard case .pattern(let pattern) = self else { return name }
        return "\(name) (\(pattern.limits.steps) steps, \(pattern.limits.heapKibibytes) KiB)"
    }
}

extension ThresholdPolicy {
    fileprivate var fullName: String {
        switch self {
        case .fixed(let value): "\(value)"
        case .adaptive(let deviations, let floor): "\(deviations) deviations, at least \(floor)"
        }
    }
}

extension Feature {
    fileprivate var fullName: String {
        "\(name) (\(source.fullName), \(transform), weight \(weight), "
            + "\(isNormalized ? "noise floor \(noiseFloor)" : "not normalized"), unit '\(unit)')"
    }
}

extension Feature.Source {
    fileprivate var fullName: String {
        switch self {
        case .field(let path): "field \(path)"
        case .gap: "gap"
        case .length: "length"
        case .severity: "severity"
        case .messageNumber(let position): "number \(position + 1)"
        }
    }
}
