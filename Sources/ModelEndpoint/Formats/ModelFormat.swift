/// A form in which rows come and scores go: those of SageMaker's own random cut forest.
public enum ModelFormat: String, Sendable, Hashable, CaseIterable {
    /// `{"instances":[{"features":[1.5,16]}]}`, and the bare form `[[1.5,16]]`.
    case json = "application/json"
    /// An instance on each line: `{"features":[1.5,16]}`.
    case jsonLines = "application/jsonlines"
    /// A row on each line, without a header: `1.5,16`.
    case csv = "text/csv"
    /// Records of protocol buffers, each behind its length.
    case recordIO = "application/x-recordio-protobuf"

    /// The form of a request's body.
    ///
    /// - Parameter contentType: the header field; nil, as where there is none, is JSON.
    /// - Throws: `unsupportedContentType`.
    public init(contentType: String?) throws(EndpointError) {
        guard let contentType else {
            self = .json
            return
        }
        let type = MediaType(contentType[...])
        guard let format = Self.named(type.name) else {
            throw EndpointError(
                .unsupportedContentType,
                "Content-Type \(type.name) is not read here; \(Self.listed) are"
            )
        }
        if format == .csv, let labels = type.parameters["label_size"], labels != "0" {
            throw EndpointError(
                .unsupportedContentType,
                "label_size is \(labels), must be 0: rows to score have no labels"
            )
        }
        self = format
    }

    /// The form of an answer: the one that the client likes best, JSON where it does not say.
    ///
    /// - Parameter accept: the header field (RFC 9110, section 12.5.1).
    /// - Throws: `notAcceptable`.
    public init(accept: String?) throws(EndpointError) {
        guard let accept, !accept.isEmpty else {
            self = .json
            return
        }
        var best: (format: Self, quality: Double)?
        for text in accept.split(separator: ",") {
            let type = MediaType(text)
            let quality = type.parameters["q"].map { Double($0) ?? 0 } ?? 1
            guard quality > best?.quality ?? 0,
                let format = Self.named(type.name) ?? Self.allCases.first(where: { type.covers($0.rawValue) })
            else { continue }
            best = (format, quality)
        }
        guard let best else {
            throw EndpointError(.notAcceptable, "Accept \(accept) is not written here; \(Self.listed) are")
        }
        self = best.format
    }

    private static func named(_ type: String) -> Self? {
        switch type {
        case "application/x-jsonlines", "application/jsonl": .jsonLines
        default: Self(rawValue: type)
        }
    }

    private static let listed = allCases.map(\.rawValue).joined(separator: ", ")
}
