import Foundation
import SeededNumbers
import Testing

@testable import DetectionPipeline

@Suite struct BisectionTests {
    struct Failure: ClassifiedError {
        var failureKind: FailureKind
    }

    private struct Trace {
        var stored: [Int] = []
        var poisoned: [Int] = []
        var callCount = 0
    }

    private func run(_ count: Int, poison: Set<Int>, outageAt: Int? = nil, trace: inout Trace) throws {
        try bisect(ArraySlice(0..<count)) { slice in
            trace.callCount += 1
            if let outageAt, slice.contains(outageAt), slice.count < count {
                throw Failure(failureKind: .transient)
            }
            if slice.contains(where: poison.contains) { throw Failure(failureKind: .poison) }
            trace.stored += slice
        } poisoned: { element, error in
            #expect(FailureKind(error) == .poison)
            trace.poisoned.append(element)
        }
    }

    @Test("what is not poisonous is taken in one call")
    func clean() throws {
        var trace = Trace()
        try run(500, poison: [], trace: &trace)
        #expect(trace.stored == Array(0..<500) && trace.callCount == 1 && trace.poisoned.isEmpty)
        var empty = Trace()
        try run(0, poison: [], trace: &empty)
        #expect(empty.callCount == 1 && empty.stored.isEmpty)
    }

    @Test(
        "exactly the poisonous ones are left out, the rest is taken once and in order",
        arguments: 1...40 as ClosedRange<UInt64>
    )
    func found(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...200, using: &random)
        let poison = Set(
            (0..<Int.random(in: 1...6, using: &random)).map { _ in Int.random(in: 0..<count, using: &random) }
        )
        var trace = Trace()
        try run(count, poison: poison, trace: &trace)
        #expect(trace.poisoned == poison.sorted())
        #expect(trace.stored == (0..<count).filter { !poison.contains($0) })
        let (k, n) = (Double(poison.count), Double(count))
        #expect(Double(trace.callCount) <= 2 * k * max(0, log2(n / k).rounded(.up)) + 2 * k)
    }

    @Test("all of them poisonous: each is told of, none is taken")
    func allPoison() throws {
        var trace = Trace()
        try run(16, poison: Set(0..<16), trace: &trace)
        #expect(trace.poisoned == Array(0..<16) && trace.stored.isEmpty)
    }

    @Test("an outage on the way ends it; all before is taken or told of, nothing after")
    func outage() {
        var trace = Trace()
        let error = #expect(throws: Failure.self) { try run(100, poison: [10], outageAt: 60, trace: &trace) }
        #expect(error?.failureKind == .transient)
        #expect(trace.poisoned == [10])
        #expect(trace.stored == (0..<50).filter { $0 != 10 })
    }

    @Test("an error of no kind is permanent, and is not halved")
    func permanent() {
        struct Odd: Error {}
        var calls = 0
        #expect(throws: Odd.self) {
            try bisect(ArraySlice(0..<8)) { _ in
                calls += 1
                throw Odd()
            } poisoned: { _, _ in
            }
        }
        #expect(calls == 1)
    }
}
