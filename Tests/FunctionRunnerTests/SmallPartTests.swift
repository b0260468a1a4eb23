import Testing

@testable import FunctionRunner

@Suite("Parts of the function runner")
struct SmallPartTests {
    @Test("a program's order is read as it was written, with any text but NUL")
    func order() throws {
        let order = ProgramOrder(
            program: "/code/bootstrap",
            arguments: ["-m", "", "a=b"],
            directory: "/code",
            variables: ["A": "1", "B": "x=y\nz", "C": ""]
        )
        #expect(ProgramOrder(try #require(order.bytes)) == order)
        var other = order
        other.variables["D"] = "a\0b"
        #expect(other.bytes == nil)
        other.variables["D"] = String(repeating: "x", count: ProgramOrder.byteLimit)
        #expect(other.bytes == nil)
        #expect(ProgramOrder([1, 2, 3]) == nil)
        #expect(ProgramOrder([UInt8]("a\0b\09\0".utf8)) == nil)
    }

    @Test("a supervisor's messages are read as they were written")
    func messages() {
        for message in [
            .started(process: 4_194_304), .failed(error: 2), .exited(status: 0x8b00), .done,
        ] as [SupervisorMessage] {
            #expect(SupervisorMessage(message.bytes) == message)
        }
        #expect(SupervisorMessage([0, 0, 0]) == nil)
        #expect(SupervisorMessage([9, 0, 0, 0, 0, 0, 0, 0]) == nil)
    }

    @Test("the end of a process is told as Lambda does")
    func exitStatus() {
        #expect(ExitStatus(waitStatus: 0x0300).reason == "Runtime exited with error: exit status 3")
        #expect(ExitStatus(waitStatus: 0) == .exited(0))
        #expect(ExitStatus(waitStatus: 0x8b) == .signalled(11))
    }

    @Test("a log's tail is its last 4 KiB")
    func tail() {
        var tail = LogTail()
        tail.append(Array(repeating: 1, count: 3_000))
        tail.append(Array(repeating: 2, count: 3_000))
        #expect(tail.bytes == Array(repeating: 1, count: 1_096) + Array(repeating: 2, count: 3_000))
        tail.append(Array(repeating: 3, count: 9_000))
        #expect(tail.bytes == Array(repeating: 3, count: 4_096))
    }

    @Test("what a process writes is cut into whole lines, and one that does not end at its bound")
    func lines() {
        var lines = LogLines()
        func take(_ text: String) -> String {
            String(decoding: lines.take(Array(text.utf8)[...]), as: UTF8.self)
        }
        #expect(take("a") == "")
        #expect(take("b\nc\nd") == "ab\nc\n")
        #expect(String(decoding: lines.flush(), as: UTF8.self) == "d\n")
        #expect(lines.flush().isEmpty)
        let long = String(repeating: "x", count: LogLines.byteLimit - 1)
        #expect(take(long) == "")
        #expect(take("yz") == long + "yz\n")
    }

    @Test(
        "times have Lambda's form",
        arguments: [(0, "0.00"), (1, "1.00"), (1_234, "1234.00"), (-5, "-5.00")]
    )
    func times(milliseconds: Int, text: String) {
        #expect(Duration.milliseconds(milliseconds).text(decimals: 2, unit: .milliseconds) == text)
    }

    @Test("times are rounded, and billed milliseconds begun are whole ones")
    func rounding() {
        #expect(Duration.microseconds(12_345).text(decimals: 2, unit: .milliseconds) == "12.35")
        #expect(Duration.microseconds(1_049).text(decimals: 2, unit: .milliseconds) == "1.05")
        #expect(Duration.microseconds(12_001).wholeMilliseconds == 13)
        #expect(Duration.milliseconds(12).wholeMilliseconds == 12)
    }

    @Test("what takes an initialization is billed with the first invocation")
    func billing() {
        let report = InvocationReport(
            requestID: "r",
            duration: .microseconds(1_500),
            initialization: .microseconds(10_600),
            memoryLimit: 128 << 20,
            peakMemory: 20 << 20 + 1
        )
        #expect(
            report.lines(at: 0)
                == "END RequestId: r\nREPORT RequestId: r\tDuration: 1.50 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\t"
                + "Max Memory Used: 21 MB\tInit Duration: 10.60 ms\n"
        )
    }

    @Test("names that Lambda makes up have their form, and are not repeated")
    func identifiers() {
        let now: Int64 = 1_767_607_200_000
        #expect(
            Identifiers.traceID(at: now).wholeMatch(
                of: /Root=1-695b8ba0-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0/
            ) != nil
        )
        #expect(
            Identifiers.logStream(version: "$LATEST", at: now).wholeMatch(
                of: /2026\/01\/05\/\[\$LATEST\][0-9a-f]{32}/
            ) != nil
        )
        #expect(Identifiers.traceID(at: now) != Identifiers.traceID(at: now))
    }
}
