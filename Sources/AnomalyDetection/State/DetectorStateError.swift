import BinaryCoding
import RandomCutForest

/// Why a saved state cannot be gone on from.
public struct DetectorStateError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// Truncated, changed, or not a state at all.
        case damaged
        /// Written by a newer version.
        case newer
        /// The entities are not those of the header: some are missing, older or newer.
        case incomplete
        /// The models are of other settings, named in ``DetectorStateError/changes``.
        case mismatch
    }

    public let code: Code
    public let message: String
    /// The settings that the models are not of, for `mismatch`.
    public let changes: [SettingChange]

    /// The same bytes fail again.
    public var isRetriable: Bool { false }

    public var description: String { "\(code.rawValue): \(message)" }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        changes = []
    }

    init(mismatch changes: [SettingChange]) {
        code = .mismatch
        message =
            "the models were made with other settings: "
            + changes.map(\.description).joined(separator: "; ")
        self.changes = changes
    }

    init(_ error: BinaryCodingError) {
        switch error.code {
        case .damaged: self.init(.damaged, error.message)
        case .newer: self.init(.newer, error.message)
        }
    }

    init(_ error: ForestError) {
        self.init(error.code == .newerState ? .newer : .damaged, error.message)
    }
}
