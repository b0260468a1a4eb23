import AWSTestSupport
import Foundation
import KafkaTestSupport
import Testing

@testable import ModelEndpoint

/// Two rows of four values: dense, then sparse.
enum RecordIOSample {
    static let rows: [UInt8] = {
        func counted(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
            [field << 3 | 2, UInt8(content.count)] + content
        }
        func floats(_ values: [Float]) -> [UInt8] {
            values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
            }
        }
        func record(_ tensor: [UInt8]) -> [UInt8] {
            counted(1, counted(1, Array("values".utf8)) + counted(2, counted(2, tensor)))
        }
        var bytes: [UInt8] = []
        RecordIO.append(record: record(counted(1, floats([1.5, 16, 14, 23]))), to: &bytes)
        RecordIO.append(
            record: record(counted(1, floats([1, 4])) + counted(2, [0, 3]) + counted(3, [4])),
            to: &bytes
        )
        return bytes
    }()
}

@Suite struct RecordIOTests {
    @Test("dense and sparse rows are read")
    func rows() throws {
        let rows = try ModelFormat.recordIO.readRows(RecordIOSample.rows, dimensions: 4)
        #expect(rows.values == [1.5, 16, 14, 23, 1, 0, 0, 4])
    }

    @Test("records that are cut, or none at all, are refused with their number")
    func damaged() throws {
        func refusal(_ bytes: [UInt8]) throws -> String {
            try #require(throws: EndpointError.self) {
                try ModelFormat.recordIO.readRows(bytes, dimensions: 4)
            }.message
        }
        let good = RecordIOSample.rows
        #expect(try refusal(Array("{\"instances\":[]}".utf8)).contains("record 0 at byte 0 does not begin"))
        #expect(try refusal(Array(good.dropLast())).contains("record 1"))
        #expect(try refusal([]) == "there are no rows in the body")
        var label: [UInt8] = []
        RecordIO.append(record: [], to: &label)
        #expect(try refusal(label).contains("record 0 has no feature \"values\""))
    }
}

@Suite(.enabled(if: Fixtures.isPresent, Comment(rawValue: Fixtures.absence)))
struct FixtureTests {
    @Test(
        "the fixtures' requests are read",
        arguments: [
            ("rcf-request.csv", ModelFormat.csv, [1.5, 16, 14, 23, -2, 100.2, 15.2, 9.2]),
            ("rcf-request.dense.json", .json, [1.5, 16, 14, 23, -2, 100.2, 15.2, 9.2]),
            ("rcf-request.dense-verbose.json", .json, [1.5, 16, 14, 23]),
            ("rcf-request.sparse.json", .json, [1, 0, 0, 4]),
            ("rcf-request.jsonl", .jsonLines, [1.5, 16, 14, 23, -2, 100.2, 15.2, 9.2, 1, 0, 0, 4]),
            ("rcf-request.recordio", .recordIO, [1.5, 16, 14, 23, 1, 0, 0, 4]),
        ] as [(String, ModelFormat, [Double])]
    )
    func requests(name: String, format: ModelFormat, values: [Double]) throws {
        let rows = try format.readRows(Fixtures.bytes(name), dimensions: 4)
        #expect(rows.values == values && !rows.isBare)
    }

    @Test("answers are the fixtures', to the byte in RecordIO and as values in JSON")
    func answers() throws {
        #expect(
            ModelFormat.recordIO.write([0.25, 0.23], isBare: false)
                == (try Fixtures.bytes("rcf-response.recordio"))
        )
        func value(_ bytes: [UInt8]) throws -> NSDictionary {
            try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary)
        }
        let json = ModelFormat.json.write([0.02, 0.25], isBare: false)
        #expect(try value(json) == value(Fixtures.bytes("rcf-response.json")))
        let ours = ModelFormat.jsonLines.write([0.02, 0.25], isBare: false).split(separator: 0x0a)
        let theirs = try Fixtures.bytes("rcf-response.jsonl").split(separator: 0x0a)
        #expect(try ours.map { try value(Array($0)) } == theirs.map { try value(Array($0)) })
    }
}

/// The same bytes through Google's implementation of protocol buffers.
@Suite(.enabled(if: ProtobufPeer.isPresent, Comment(rawValue: ProtobufPeer.absence)))
struct ProtobufPeerTests {
    @Test("rows that protobuf wrote are read, of every kind of tensor, packed or not, dense or sparse")
    func read() throws {
        let run = try ProtobufPeer.run(
            """
            out = b""
            def put(kind, values, keys=None, shape=None, unpacked=False):
                global out
                record = Record()
                tensor = getattr(record.features["values"], kind)
                tensor.values.extend(values)
                if keys is not None: tensor.keys.extend(keys)
                if shape is not None: tensor.shape.extend(shape)
                record.features["other"].float32_tensor.values.extend([9, 9])
                record.uid = "row"
                out += recordio(record.SerializeToString())
            put("float32_tensor", [1.5, -2, 3e10])
            put("float64_tensor", [1e-300, 2.25, -3])
            put("int32_tensor", [-7, 0, 2147483647])
            put("float32_tensor", [5], [1], [3])
            put("float64_tensor", [], [], [3])
            unpacked = UnpackedRecord()
            unpacked.features["values"].float32_tensor.values.extend([1, 2, 3])
            out += recordio(unpacked.SerializeToString())
            print(base64.b64encode(out).decode())
            """
        )
        let text = run.output.filter { !$0.isNewline }
        let bytes = try #require(Data(base64Encoded: text), "\(run.errors)")
        let rows = try ModelFormat.recordIO.readRows(Array(bytes), dimensions: 3)
        #expect(
            rows.values == [
                1.5, -2, Double(Float(3e10)), 1e-300, 2.25, -3, -7, 0, 2_147_483_647, 0, 5, 0, 0, 0, 0, 1, 2,
                3,
            ]
        )
    }

    @Test("protobuf reads the scores that we write")
    func write() throws {
        let bytes = ModelFormat.recordIO.write([0.25, 1.0042453343, 7.5], isBare: false)
        let run = try ProtobufPeer.run(
            """
            data = base64.b64decode(sys.stdin.read())
            while data:
                magic, length = struct.unpack("<II", data[:8])
                assert magic == 0xced7230a
                record = Record.FromString(data[8:8 + length])
                assert not record.features and list(record.label) == ["score"]
                print(record.label["score"].float32_tensor.values[0])
                data = data[8 + (length + 3) // 4 * 4:]
            """,
            input: Data(bytes).base64EncodedString()
        )
        #expect(run.status == 0, "\(run.errors)")
        let scores = run.output.split(separator: "\n").compactMap { Double($0) }
        #expect(scores == [0.25, Double(Float(1.0042453343)), 7.5])
    }
}
