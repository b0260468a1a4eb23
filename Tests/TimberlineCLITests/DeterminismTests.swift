import KafkaTestSupport
import Testing

@testable import TimberlineCLI

@Suite struct DeterminismTests {
    @Test("the same seed and file give the same bytes, run twice, with one thread and several")
    func sameBytes() throws {
        let scratch = try Scratch()
        let log = try scratch.write("app.log", SampleLog(count: 3_000, services: 6).text)
        for more in [[], ["--by", "service"], ["--by", "service", "--maximum-entities", "5"]] {
            func run(_ arguments: String...) throws -> String {
                try scratch.run(["score", "--all", "--output", "json", log] + arguments + more).output
            }
            let first = try run()
            if more.count < 3 { #expect(first.count > 100_000) }
            #expect(try run() == first)
            #expect(try run("--threads", "2") == first)
            #expect(try run("--threads", "5") == first)
            if more.count < 3 { #expect(try run("--seed", "1") != first) }
        }
    }

    @Test("another process gives the same bytes: nothing depends on hashing's seed")
    func processes() throws {
        let scratch = try Scratch()
        let log = try scratch.write("app.log", SampleLog(count: 2_000, services: 7).text)
        let arguments = ["score", "--all", "--by", "service", "--output", "json", log]
        let here = try scratch.run(arguments).output
        for _ in 0..<2 {
            let program = try scratch.start(arguments)
            #expect(program.wait() == 0)
            #expect(program.output == here)
        }
    }
}
