import ActionConfiguration
import DetectionPipeline
import TypedValues

/// Where `forward` sends to.
enum ForwardDestination: Sendable, Equatable {
    case topic(String)
    case http(String)
    /// A name, or an ARN.
    case lambda(String)
    /// A name, or an ARN.
    case kinesis(String)
    case s3(S3Location)

    /// What a call holds at most, where the settings do not say.
    var limits: BatchLimits {
        switch self {
        case .topic, .http: BatchLimits()
        // The target lowers it to what a function takes.
        case .lambda: BatchLimits(byteCount: .max)
        case .kinesis: BatchLimits(byteCount: 4 << 20)
        case .s3: BatchLimits(recordCount: 100_000, byteCount: 16 << 20, window: .seconds(60))
        }
    }

    /// How long a call may take, where the settings do not say.
    var timeout: Duration { if case .lambda = self { .seconds(60) } else { .seconds(30) } }
}

extension ValueType where Value == ForwardDestination {
    static var forwardDestination: ValueType {
        ValueType(
            placeholder: "topic:NAME|http://…|https://…|lambda:NAME|kinesis:NAME|s3://BUCKET/PREFIX",
            completion: .choices(["topic:", "http://", "https://", "lambda:", "kinesis:", "s3://"])
        ) { (text: String) throws(ValueError) -> ForwardDestination in
            let scheme = text.prefix { $0 != ":" }
            let name = String(text.dropFirst(scheme.count + 1))
            switch scheme {
            case "topic" where !name.isEmpty: return .topic(name)
            case "lambda" where !name.isEmpty: return .lambda(name)
            case "kinesis" where !name.isEmpty: return .kinesis(name)
            case "http" where name.hasPrefix("//") && name != "//",
                "https" where name.hasPrefix("//") && name != "//":
                return .http(text)
            case "s3": return .s3(try ValueType<S3Location>.s3Location.value(of: text))
            default:
                throw ValueError(
                    text,
                    "is none of topic:NAME, an address that begins with http:// or https://, lambda:NAME, "
                        + "kinesis:NAME and s3://BUCKET/PREFIX"
                )
            }
        } write: { destination in
            switch destination {
            case .topic(let name): "topic:\(name)"
            case .http(let address): address
            case .lambda(let name): "lambda:\(name)"
            case .kinesis(let name): "kinesis:\(name)"
            case .s3(let place): ValueType<S3Location>.s3Location.text(of: place)
            }
        }
    }
}
