import Telemetry

/// How rows are written in a request to an endpoint.
public enum SageMakerRequestForm: String, Sendable, CaseIterable {
    /// `{"instances":[{"features":[0.45,200]}]}`, as SageMaker's own random cut forest takes it.
    case json
    /// A line for each row, `0.45,200`, which it takes too.
    case csv
    /// `[[0.45,200]]`, as containers of one's own often take it.
    case bare

    var contentType: String { self == .csv ? "text/csv" : "application/json" }

    func body(_ rows: ArraySlice<[Double]>) -> [UInt8] {
        switch self {
        case .csv: return Array(rows.map { $0.map { "\($0)" }.joined(separator: ",") + "\n" }.joined().utf8)
        case .bare:
            var json = JSONWriter()
            json.array { json in for row in rows { Self.write(row, to: &json) } }
            return Array(json.text.utf8)
        case .json:
            var json = JSONWriter()
            json.object { json in
                json.array("instances") { json in
                    for row in rows { json.object { Self.write(row, "features", to: &$0) } }
                }
            }
            return Array(json.text.utf8)
        }
    }

    /// The most bytes that a row of so many values takes.
    func byteLimit(valueCount: Int) -> Int { valueCount * 26 + 20 }

    private static func write(_ row: [Double], _ key: String? = nil, to json: inout JSONWriter) {
        json.array(key) { json in for value in row { json.number(nil, value) } }
    }
}
