import CommandLineArguments
import Testing

@Suite struct UsageErrorTests {
    @Test("names an unknown option and the one that was meant")
    func unknownOption() {
        let error = Fixture.error("score", "--treshold", "3")
        #expect(error?.code == .unknownOption)
        #expect(error?.argument == "--treshold")
        #expect(
            error?.description == """
                timberline score: there is no option '--treshold'; did you mean '--threshold'?
                Try 'timberline score --help'.
                """
        )
        #expect(Fixture.error("score", "--no-lin")?.suggestion == "--no-line")
        #expect(Fixture.error("score", "-x")?.argument == "-x")
    }

    @Test("names an unknown command and the one that was meant, but no hidden one")
    func unknownCommand() {
        #expect(Fixture.error("scroe")?.suggestion == "score")
        #expect(Fixture.error("hidden-comand")?.suggestion == nil)
        #expect(Fixture.error("local", "invok")?.suggestion == "invoke")
        #expect(Fixture.error("local", "invok")?.command == "timberline local")
    }

    @Test("says what is missing")
    func missing() {
        #expect(Fixture.error()?.code == .missingCommand)
        #expect(Fixture.error("local")?.message == "say which command: invoke")
        #expect(Fixture.error("run")?.message == "--topic TEXT is required")
        #expect(Fixture.error("local", "invoke")?.message == "FUNCTION is missing")
        #expect(Fixture.error("score", "--top")?.code == .missingValue)
    }

    @Test("says what is too much")
    func unexpected() {
        #expect(Fixture.error("local", "invoke", "f", "1", "2")?.argument == "2")
        #expect(Fixture.error("score", "--line=yes")?.code == .unexpectedValue)
        #expect(Fixture.error("score", "--no-line=yes")?.code == .unexpectedValue)
        #expect(Fixture.error("score", "--no-threshold")?.code == .unknownOption)
        #expect(Fixture.error("score", "--version")?.code == .unknownOption)
    }

    @Test("says what is wrong with a value, naming the argument")
    func invalid() {
        let error = Fixture.error("score", "--window", "5")
        #expect(error?.code == .invalidValue)
        #expect(error?.argument == "--window")
        #expect(error?.message == "--window: '5' has no unit; write a duration such as 200ms, 30s, 5m or 1h")
        #expect(Fixture.error("score", "--output", "jsn")?.suggestion == "json")
        #expect(Fixture.error("local", "invoke", "f", "x")?.argument == "COUNT")
        #expect(UsageError.exitCode == 64)
    }
}
