import ModelEndpoint
import TypedValues

/// An endpoint's name and its model file, `rcf-anomaly-endpoint=model.timberline`.
struct NamedModel: Sendable, Hashable {
    var name: String
    var path: String

    /// The most bytes of a model file.
    static let fileLimit = 1 << 30

    /// Reads the model.
    ///
    /// - Throws: `CommandFailure` that names the file.
    func load(_ mode: EndpointModel.Mode) throws -> EndpointModel {
        do {
            let bytes = try WholeFile.read(path, limit: Self.fileLimit)
            return try EndpointModel(TrainedModel.decode(bytes), mode: mode)
        } catch let error as InputError {
            throw CommandFailure(.unreadableInput, error.description)
        } catch let error as ModelFileError {
            throw CommandFailure(.unreadableInput, "\(path): \(error.message)")
        }
    }
}

extension ValueType where Value == NamedModel {
    static var namedModel: ValueType {
        ValueType(placeholder: "NAME=FILE", completion: .files) {
            (text: String) throws(ValueError) -> NamedModel in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, !text.hasPrefix("=") else { throw ValueError(text, "is not NAME=FILE") }
            // As SageMaker names endpoints.
            let isName =
                parts[0].count <= 63 && parts[0].first != "-" && parts[0].last != "-"
                && parts[0].utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                        || $0 == UInt8(ascii: "-")
                }
            guard isName else {
                throw ValueError(text, "names an endpoint by other than up to 63 letters, digits and hyphens")
            }
            return NamedModel(name: parts[0], path: parts[1])
        } write: {
            "\($0.name)=\($0.path)"
        }
    }
}
