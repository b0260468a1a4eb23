public import DetectionPipeline
public import TypedValues

extension ValueType where Value == RecordSelection {
    /// `anomalies`, `all`, or a score.
    public static var recordSelection: ValueType {
        ValueType(placeholder: "anomalies|all|SCORE", completion: .choices(["anomalies", "all"])) {
            (text: String) throws(ValueError) -> RecordSelection in
            switch text {
            case "anomalies": return .anomalies
            case "all": return .all
            default:
                guard let score = try? ValueType<Double>.number.value(of: text) else {
                    throw ValueError(text, "is none of anomalies, all and a score")
                }
                return .minimumScore(score)
            }
        } write: { selection in
            switch selection {
            case .anomalies: "anomalies"
            case .all: "all"
            case .minimumScore(let score): ValueType<Double>.number.text(of: score)
            }
        }
    }
}

extension ValueType where Value == String {
    /// An address that begins with `http://` or `https://`.
    static var httpAddress: ValueType {
        ValueType(placeholder: "URL", completion: .choices(["http://", "https://"])) {
            (text: String) throws(ValueError) -> String in
            guard ["http://", "https://"].contains(where: { text.hasPrefix($0) && text != $0 }) else {
                throw ValueError(text, "does not begin with http:// or https://")
            }
            return text
        } write: {
            $0
        }
    }
}
