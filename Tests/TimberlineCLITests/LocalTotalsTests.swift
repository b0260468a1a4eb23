import AWSTestSupport
import Foundation
import KafkaTestSupport
import Testing

/// Every record through a mapping of `timberline local` to Timberline's own function: nothing is lost, nothing is counted
/// twice, whoever is killed.
@Suite(
    "Totals of a mapping",
    .ownThread,
    .enabled(if: FunctionZip.timberlineIsBuilt, "\(FunctionZip.timberlineAbsence)"),
    .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
)
struct LocalTotalsTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static func number(_ name: String, default value: Int) -> Int {
        ProcessInfo.processInfo.environment["TIMBERLINE_TEST_TOTALS_\(name)"].flatMap(Int.init) ?? value
    }

    @Test("agree where the function and local are killed", .timeLimit(.minutes(5)))
    func kills() throws {
        let course = try LocalCourse(
            scratch,
            try TestKafka.real("4.3.1").open(),
            partitions: 2,
            recordsEach: 5_000
        )
        try expectAgreement(course, .init(functionKills: 4, localKills: 1), seed: 1, within: 120)
    }

    /// `TIMBERLINE_TEST_TOTALS_RECORDS` and `TIMBERLINE_TEST_TOTALS_SEED` choose another course of events.
    @Test(
        "agree for a million records, with the function, local and the broker killed at random",
        .timeLimit(.minutes(30)),
        .enabled(
            if: ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1",
            "slow; set TIMBERLINE_SLOW_TESTS=1"
        )
    )
    func million() throws {
        if let absence = RealKafka.absence { try Test.cancel("\(absence)") }
        let course = try LocalCourse(
            scratch,
            TestCluster(try RealKafka(version: "4.3.1")),
            partitions: 4,
            recordsEach: Self.number("RECORDS", default: 1_000_000) / 4
        )
        try expectAgreement(
            course,
            .init(functionKills: 40, localKills: 6, brokerKills: 3),
            seed: UInt64(Self.number("SEED", default: 1)),
            within: 1_200
        )
    }

    /// A course with kills, then one without.
    private func expectAgreement(
        _ course: LocalCourse,
        _ plan: LocalCourse.Plan,
        seed: UInt64,
        within seconds: Double
    ) throws {
        let (disturbed, calm) = (try ScoreLedger(), try ScoreLedger())
        let start = ContinuousClock.now
        let group = try course.begin("disturbed", ledger: disturbed)
        try course.run(plan, seed: seed, group: group, ledger: disturbed, within: seconds)
        let kills = ContinuousClock.now
        let calmGroup = try course.begin("calm", ledger: calm)
        try course.run(group: calmGroup, within: seconds)
        print(
            "totals: seed \(seed), \(course.count * Int(course.partitions)) records, \(plan), "
                + "redelivered \(disturbed.redelivered), \(start.duration(to: kills)); "
                + "without kills \(kills.duration(to: .now))"
        )
        course.expectTotals(of: disturbed)
        course.expectTotals(of: calm)
        #expect(calm.redelivered == 0)
        let scores = [disturbed, calm].map { $0.partitions.mapValues(\.scores) }
        // Too much to be shown by the expectation.
        let areEqual = scores[0] == scores[1]
        #expect(areEqual, "what came again changed a model")
        try course.expectNothingNew("disturbed", ledger: disturbed)
        #expect(course.local.terminate() == 0, "\(course.local.program.errors)")
        #expect(course.local.functionProcesses.isEmpty)
    }
}
