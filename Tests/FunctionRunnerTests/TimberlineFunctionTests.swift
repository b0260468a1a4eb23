import Foundation
import FunctionRunner
import JSONText
import KafkaTestSupport
import LocalLambdaModel
import Testing

@Suite("Timberline's own function", .ownThread, .timeLimit(.minutes(2)))
struct TimberlineFunctionTests {
    /// As `scripts/build-lambda` makes it.
    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../.build/lambda/package").standardized.path
    private static let isBuilt = FileManager.default.isExecutableFile(atPath: package + "/bootstrap")

    private func event(_ offsets: Range<Int>) -> String {
        let records = offsets.map { offset in
            let line =
                #"10.0.0.\#(offset % 250) - - [05/Jan/2026:10:00:\#(10 + offset % 50) +0000] "GET /item/\#(offset) HTTP/1.1" "#
                + #"200 \#(2_000 + offset * 37 % 5_000) "-" "Mozilla/5.0""#
            return #"{"topic":"logs","partition":0,"offset":\#(offset),"timestamp":1767607200000,"#
                + #""timestampType":"CREATE_TIME","value":"\#(Data(line.utf8).base64EncodedString())","headers":[]}"#
        }
        return #"{"eventSource":"SelfManagedKafka","bootstrapServers":"b:9092","records":{"logs-0":["#
            + records.joined(separator: ",") + "]}}"
    }

    @Test(
        "scores batches of a topic",
        .enabled(if: isBuilt, "the function is not built (scripts/build-lambda)")
    )
    func batches() throws {
        let test = try TestRunner()
        let function = try test.add(bootstrap: nil) {
            $0.memoryMegabytes = 512
            $0.code.directory = Self.package
            $0.environment = ["TIMBERLINE_FORMAT": "combined", "TIMBERLINE_LOG_RECORDS": "none"]
        }
        for batch in 0..<5 {
            let result = test.invoke(function, event(batch * 500..<(batch + 1) * 500))
            #expect(result.success?["batchItemFailures"]?.array == [])
        }
        #expect(test.runner.environmentCount == 1)
        #expect(test.invoke(function, #"{"detail":1}"#).functionError?.type == "Event.Unknown")
    }
}
