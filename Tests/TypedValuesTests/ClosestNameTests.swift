import Testing
import TypedValues

@Suite struct ClosestNameTests {
    @Test(
        "finds the name that was meant",
        arguments: [
            ("treshold", "threshold"), ("thresohld", "threshold"), ("Threshold", "threshold"),
            ("batch_size", "batch-size"), ("topc", "topic"), ("tpoic", "topic"), ("topics", "topic"),
        ]
    )
    func finds(name: String, meant: String) {
        #expect(ClosestName.of(name, in: ["output", "threshold", "batch-size", "topic"]) == meant)
    }

    @Test("suggests nothing where nothing is near", arguments: ["", "zebra", "x", "group"])
    func silent(name: String) {
        #expect(ClosestName.of(name, in: ["output", "threshold", "batch-size", "to"]) == nil)
    }
}
