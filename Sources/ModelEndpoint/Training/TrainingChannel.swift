import JSONText

/// One channel of `inputdataconfig.json`: what SageMaker has put into `/opt/ml/input/data/NAME`.
public struct TrainingChannel: Sendable, Hashable {
    public enum Format: Sendable, Hashable {
        /// Lines of numbers, of which the first is a label where there is one.
        case csv(hasLabel: Bool)
        case recordIO
    }

    public var name: String
    public var format: Format

    public init(name: String, format: Format = .csv(hasLabel: false)) {
        self.name = name
        self.format = format
    }

    /// Reads the file.
    ///
    /// - Returns: the channels in alphabetical order.
    /// - Throws: ``TrainingError`` for what is not read here: other content types, and data that comes by pipes.
    public static func read(_ json: [UInt8]) throws(TrainingError) -> [TrainingChannel] {
        let members: [String: JSONValue]
        do throws(JSONError) {
            members = try JSONValue(json).object ?? [:]
        } catch {
            throw TrainingError("inputdataconfig.json: \(error.message)")
        }
        var channels: [TrainingChannel] = []
        for (name, settings) in members.sorted(by: { $0.key < $1.key }) {
            if let mode = settings["TrainingInputMode"]?.string, mode != "File", mode != "FastFile" {
                throw TrainingError(
                    "channel \(name): the input mode \(mode) is not read here, File and FastFile are"
                )
            }
            let contentType = settings["ContentType"]?.string
            channels.append(TrainingChannel(name: name, format: try format(contentType, of: name)))
        }
        return channels
    }

    private static func format(_ contentType: String?, of name: String) throws(TrainingError) -> Format {
        guard let contentType, !contentType.isEmpty else { return .csv(hasLabel: false) }
        let type = MediaType(contentType[...])
        switch ModelFormat(rawValue: type.name) {
        case .csv:
            let labels = type.parameters["label_size"] ?? "0"
            guard labels == "0" || labels == "1" else {
                throw TrainingError("channel \(name): label_size is \(labels), must be 0 or 1")
            }
            return .csv(hasLabel: labels == "1")
        case .recordIO: return .recordIO
        default:
            throw TrainingError(
                "channel \(name): content type \(type.name) is not read here, "
                    + "\(ModelFormat.csv.rawValue) and \(ModelFormat.recordIO.rawValue) are"
            )
        }
    }
}
