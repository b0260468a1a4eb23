public import DetectionPipeline
public import HTTPClient
import Telemetry

/// Posts scored records to an address, several at once: `{"anomalies":[{"id":…,…},…]}`, each as ``ScoredRecordJSON``
/// writes it, with its identity as `id`.
///
/// A 2xx answer acknowledges them. Whoever receives them may get some again, after an answer that was lost, or when the
/// process was killed: `id` tells. What other answers say of trying again is in `HTTPRefusal`.
public final class WebhookSink: ScoredRecordSink {
    private let client: HTTPClient
    private let url: String
    private let fields: [HTTPClient.Field]
    private let recordLimit: Int
    private var taken = TakenRecords()

    /// - Parameters:
    ///   - fields: sent with every request, such as `Authorization`.
    ///   - recordLimit: records in a request, at most.
    public init(_ client: HTTPClient, url: String, fields: [HTTPClient.Field] = [], recordLimit: Int = 100) {
        self.client = client
        self.url = url
        self.fields = fields
        self.recordLimit = max(1, recordLimit)
    }

    public var name: String { "webhook" }
    public var isIdempotent: Bool { false }

    public func store(_ records: [ScoredRecord]) throws {
        try taken.store(records) { records in
            var start = 0
            do {
                while start < records.count {
                    let end = min(records.count, start + recordLimit)
                    try post(records[start..<end])
                    start = end
                }
                return [:]
            } catch {
                return Dictionary(uniqueKeysWithValues: (start..<records.count).map { ($0, error) })
            }
        }
    }

    private func post(_ records: ArraySlice<ScoredRecord>) throws {
        let request = HTTPClient.Request(
            "POST",
            url,
            fields: [.init("Content-Type", "application/json"), .init("User-Agent", "timberline")] + fields,
            body: Self.body(records)
        )
        do {
            if let refusal = HTTPRefusal(try client.send(request)) { throw refusal }
        } catch let error as HTTPClientError {
            // What a 2xx answer says is of no interest, however much it is.
            if error.code == .responseTooLarge, error.status.map({ 200..<300 ~= $0 }) ?? false { return }
            throw error
        }
    }

    private static func body(_ records: ArraySlice<ScoredRecord>) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.array("anomalies") { json in
                for record in records {
                    json.object { json in
                        json.string("id", record.identity.description)
                        ScoredRecordJSON.write(record, to: &json)
                    }
                }
            }
        }
        return Array(json.text.utf8)
    }
}
