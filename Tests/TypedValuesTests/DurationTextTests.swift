import Testing
import TypedValues

@Suite struct DurationTextTests {
    @Test(
        "reads a duration with its unit",
        arguments: [
            ("200ms", Duration.milliseconds(200)), ("30s", .seconds(30)), ("5m", .seconds(300)),
            ("1h", .seconds(3600)), ("7d", .seconds(604_800)), ("1.5s", .milliseconds(1500)),
            ("0s", .zero), ("10 s", .seconds(10)), ("3us", .microseconds(3)), ("1ns", .nanoseconds(1)),
        ]
    )
    func reads(text: String, duration: Duration) throws {
        #expect(try DurationText.parse(text) == duration)
    }

    @Test(
        "refuses what is not a duration, and says what one looks like",
        arguments: ["", "5", "s", "5x", "-5s", "1.s", ".5s", "1e3s", "5M", "5m5", "٣s", "0.3ns", "1.2.3s"]
    )
    func refuses(text: String) {
        #expect(throws: ValueError.self) { try DurationText.parse(text) }
    }

    @Test("refuses a duration past 292 years instead of trapping")
    func overflow() {
        #expect(throws: ValueError.self) { try DurationText.parse("999999999999999999d") }
        #expect(throws: ValueError.self) { try DurationText.parse("106752d") }
        #expect(throws: Never.self) { try DurationText.parse("106751d") }
    }

    @Test("prints a duration so that it reads back equal")
    func roundTrip() throws {
        for seed in 0..<200 {
            let nanoseconds = Int64(seed) * Int64(seed) * 1_000_000 * [1, 7, 60, 86_400][seed % 4]
            let duration = Duration.nanoseconds(nanoseconds)
            #expect(try DurationText.parse(DurationText.text(of: duration)) == duration)
        }
    }

    @Test("prints the largest unit that is exact")
    func prints() {
        #expect(DurationText.text(of: .seconds(90)) == "90s")
        #expect(DurationText.text(of: .seconds(7200)) == "2h")
        #expect(DurationText.text(of: .milliseconds(1500)) == "1500ms")
    }
}
