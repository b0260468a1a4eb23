import Configuration
import KafkaClient
import TypedValues

/// `latest`, `earliest`, or a time.
enum StartingPosition: Sendable, Equatable {
    case latest
    case earliest
    case instant(InstantValue)

    /// - Parameter now: milliseconds since 1970.
    func kafka(now: Int64) -> KafkaStartingPosition {
        switch self {
        case .latest: .latest
        case .earliest: .earliest
        case .instant(let instant): .timestamp(milliseconds: instant.nanoseconds(now: now) / 1_000_000)
        }
    }
}

extension ValueType where Value == StartingPosition {
    static var startingPosition: ValueType {
        ValueType(placeholder: "latest|earliest|TIME", completion: .choices(["latest", "earliest"])) {
            (text: String) throws(ValueError) -> StartingPosition in
            switch text {
            case "latest": return .latest
            case "earliest": return .earliest
            default: return .instant(try ValueType<InstantValue>.instant.value(of: text))
            }
        } write: { position in
            switch position {
            case .latest: "latest"
            case .earliest: "earliest"
            case .instant(let instant): ValueType<InstantValue>.instant.text(of: instant)
            }
        }
    }
}
