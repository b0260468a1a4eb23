import JSONText

/// Reads rows from JSON.
///
/// An instance is `{"features":[1.5,16]}` or `{"data":{"features":{"values":[1.5,16]}}}`; the latter may be sparse, with
/// `keys` and `shape`. A body is `{"instances":[…]}`, or rows without names.
enum JSONRows {
    static func read(_ body: [UInt8], into rows: inout FeatureRows) throws(EndpointError) {
        var reader = Reader(body)
        try reader.readBody(into: &rows)
    }

    /// An instance on each line; blank lines are passed over.
    static func readLines(_ body: [UInt8], into rows: inout FeatureRows) throws(EndpointError) {
        var start = 0
        while start < body.count {
            let end = body[start...].firstIndex(of: UInt8(ascii: "\n")) ?? body.count
            if !body[start..<end].allSatisfy({ $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }) {
                var reader = Reader(body, range: start..<end)
                try reader.readLine(into: &rows)
            }
            start = end + 1
        }
    }

    /// Turns errors of JSON into those of a request.
    private struct Reader {
        private var json: JSONReader

        /// Deeper than any form of a row.
        private static let maximumDepth = 16

        init(_ bytes: [UInt8], range: Range<Int>? = nil) {
            json = JSONReader(bytes, range: range, maximumDepth: Self.maximumDepth)
        }

        mutating func readBody(into rows: inout FeatureRows) throws(EndpointError) {
            try reading { (reader) throws in
                if try reader.json.nextKind() == .array {
                    rows.isBare = true
                    try reader.readBareRows(into: &rows)
                } else {
                    try reader.readInstances(into: &rows)
                }
                try reader.json.finish()
            }
        }

        mutating func readLine(into rows: inout FeatureRows) throws(EndpointError) {
            try reading { (reader) throws in
                try reader.readInstance(into: &rows)
                try reader.json.finish()
            }
        }

        private mutating func reading(_ body: (inout Self) throws -> Void) throws(EndpointError) {
            do {
                try body(&self)
            } catch let error as EndpointError {
                throw error
            } catch let error as JSONError {
                throw endpointError(error)
            } catch {
                throw EndpointError(.malformedBody, "\(error)")
            }
        }

        /// `[[1,2],[3,4]]`, or one row alone: `[1,2]`.
        private mutating func readBareRows(into rows: inout FeatureRows) throws {
            try json.enterArray()
            var isOneRow = false
            var isFirst = true
            while try json.nextElement() {
                if isFirst { isOneRow = try json.nextKind() == .number }
                isFirst = false
                if isOneRow {
                    try rows.append(json.readDouble())
                } else {
                    try readArray(into: &rows)
                }
            }
            if isOneRow { try rows.finishRow() }
        }

        private mutating func readInstances(into rows: inout FeatureRows) throws {
            var hasInstances = false
            try json.enterObject()
            while let key = try json.nextKey() {
                guard key == "instances" else {
                    try json.skipValue()
                    continue
                }
                guard !hasInstances else { throw malformed("\"instances\" is there twice") }
                hasInstances = true
                try json.enterArray()
                while try json.nextElement() { try readInstance(into: &rows) }
            }
            guard hasInstances else {
                throw malformed(
                    "neither {\"instances\":[{\"features\":[…]}]} nor rows such as [[…]]"
                )
            }
        }

        private mutating func readInstance(into rows: inout FeatureRows) throws {
            if try json.nextKind() == .array { return try readArray(into: &rows) }
            let count = rows.count
            try json.enterObject()
            while let key = try json.nextKey() {
                switch key {
                case "features": try readFeatures(into: &rows, after: count)
                case "data":
                    try json.enterObject()
                    while let key = try json.nextKey() {
                        if key == "features" {
                            try readFeatures(into: &rows, after: count)
                        } else {
                            try json.skipValue()
                        }
                    }
                default: try json.skipValue()
                }
            }
            guard rows.count == count + 1 else { throw malformed("row \(count) has no \"features\"") }
        }

        private mutating func readFeatures(into rows: inout FeatureRows, after count: Int) throws {
            guard rows.count == count else { throw malformed("row \(count) has \"features\" twice") }
            if try json.nextKind() == .array {
                try readArray(into: &rows)
            } else {
                try rows.append(readTensor())
            }
        }

        private mutating func readArray(into rows: inout FeatureRows) throws {
            try json.enterArray()
            while try json.nextElement() { try rows.append(json.readDouble()) }
            try rows.finishRow()
        }

        private mutating func readTensor() throws -> FeatureTensor {
            var tensor = FeatureTensor()
            try json.enterObject()
            while let key = try json.nextKey() {
                switch key {
                case "values":
                    tensor.values = []
                    try json.enterArray()
                    while try json.nextElement() { tensor.values.append(try json.readDouble()) }
                case "keys": tensor.keys = try readIntegers()
                case "shape": tensor.shape = try readIntegers()
                default: try json.skipValue()
                }
            }
            return tensor
        }

        private mutating func readIntegers() throws -> [Int] {
            var integers: [Int] = []
            try json.enterArray()
            while try json.nextElement() { integers.append(Int(try json.readInteger())) }
            return integers
        }

        private func malformed(_ message: String) -> EndpointError {
            EndpointError(.malformedBody, "\(message), near byte \(json.offset)")
        }

        /// Python's `json.dumps` writes NaN and Infinity, which JSON does not know: these are told by name.
        private func endpointError(_ error: JSONError) -> EndpointError {
            let word = json.bytes[min(error.offset, json.bytes.count)...].prefix(8)
            for name in ["NaN", "Infinity"] where word.starts(with: name.utf8) {
                return EndpointError(
                    .notFinite,
                    "\(name) at byte \(error.offset): values must be finite, and JSON has no such number"
                )
            }
            if error.code == .outOfRange {
                return EndpointError(.notFinite, "\(error.message): values must be finite")
            }
            return EndpointError(.malformedBody, error.message)
        }
    }
}
