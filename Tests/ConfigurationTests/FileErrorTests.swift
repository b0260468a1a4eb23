import Configuration
import Testing

@Suite struct FileErrorTests {
    @Test("reports all errors of a file together, in order, each with line and column")
    func together() {
        let yaml = """
            kafka:
              grup: x
              start: newest
              start: earliest
            batch:
              size: many
              window: 5
            features:
              - field: a
                transfrom: log
              - transform: logg
              - 7
            stroe: {}
            """
        #expect(
            RunSettings.errors(yaml) == [
                "t.yaml:2:3: kafka: there is no setting 'grup' here; did you mean 'group'?",
                "t.yaml:3:10: kafka.start: 'newest' is not one of latest, earliest, timestamp",
                "t.yaml:4:3: 'start' stands here a second time; the first is on line 3",
                "t.yaml:6:9: batch.size: 'many' is not an integer",
                "t.yaml:7:11: batch.window: '5' has no unit; write a duration such as 200ms, 30s, 5m or 1h",
                "t.yaml:10:5: features[0]: there is no setting 'transfrom' here; did you mean 'transform'?",
                "t.yaml:11:5: features[1]: needs 'field'",
                "t.yaml:11:16: features[1].transform: 'logg' is not one of auto, log, none; did you mean 'log'?",
                "t.yaml:12:5: features[2]: must be a mapping, not a single value",
                "t.yaml:13:1: there is no setting 'stroe' here; did you mean 'store'?",
            ]
        )
    }

    @Test(
        "names the place of what does not fit",
        arguments: [
            ("kafka: 5", "t.yaml:1:8: kafka: must be a mapping of settings, not a single value"),
            ("[a]", "t.yaml:1:1: must be a mapping of settings, not a list"),
            ("kafka.group: x", "t.yaml:1:1: write 'group' in the section 'kafka'"),
            ("group: x", "t.yaml:1:1: there is no setting 'group' here; did you mean 'kafka.group'?"),
            ("batch: {size: [1]}", "t.yaml:1:15: batch.size: must be a single value, not a list"),
            ("batch: {size: }", "t.yaml:1:15: batch.size: has no value; give it one, or leave the line out"),
            ("batch: {size: 010}", "t.yaml:1:15: batch.size: '010' is not an integer"),
            ("store: {line: yes}", "t.yaml:1:15: store.line: 'yes' is neither true nor false"),
            ("batch: {size: !!int 5}", "t.yaml:1:15: tags such as 'tag:yaml.org,2002:int' are not supported"),
            ("? [a, b]\n: 1", "t.yaml:1:3: a key must be a single word, not a list"),
            ("kafka: {properties: [a]}", "t.yaml:1:21: kafka.properties: must be a mapping, not a list"),
            (
                "kafka: {properties: {a: {b: c}}}",
                "t.yaml:1:25: kafka.properties.a: must be a single value, {env: NAME} or {file: /path}, not a mapping"
            ),
            ("kafka: {brokers: []}", "t.yaml:1:18: kafka.brokers: the list is empty"),
            ("é: 1", "t.yaml:1:1: there is no setting 'é' here"),
        ]
    )
    func places(yaml: String, error: String) {
        #expect(RunSettings.errors(yaml) == [error])
    }

    @Test(
        "a syntax error has its place",
        arguments: [
            ("kafka: [a", "t.yaml:2:1"), ("a: b: c", "t.yaml:1:5"), ("a: 1\n\tb: 2", "t.yaml:2:1"),
            ("a: *x", "t.yaml:1:4"),
            ("a: 1\n---\nb: 2", "t.yaml:2:1"), ("a: \"\u{7}\"", "t.yaml:1:5"),
        ]
    )
    func syntax(yaml: String, place: String) {
        let errors = RunSettings.errors(yaml)
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix(place + ": ") == true, "\(errors)")
    }

    @Test("bytes that are not UTF-8 have their place")
    func encoding() {
        let file = ConfigurationFile(name: "t.yaml", bytes: Array("a: 1\né: ".utf8) + [0xFF])
        let failure = #expect(throws: ConfigurationFailure.self) {
            try RunSettings.schema.resolve(file: file)
        }
        #expect(failure?.errors.first?.origin == .file("t.yaml", line: 2, column: 4))
        #expect(failure?.errors.first?.code == .syntax)
    }

    @Test(
        "an empty file and an empty section are fine",
        arguments: ["", "# nothing\n", "---\n", "kafka:\n", "~"]
    )
    func empty(yaml: String) {
        #expect(RunSettings.errors(yaml) == [])
    }

    @Test("of very many errors the first fifty are shown and the others counted")
    func many() {
        func lines(_ count: Int) -> [Substring] {
            let yaml = (0..<count).map { "unknown\($0): 1\n" }.joined()
            let failure = #expect(throws: ConfigurationFailure.self) {
                try RunSettings.resolve(yaml)
            }
            return (failure?.description ?? "").split(separator: "\n")
        }
        #expect(lines(50).count == 50)
        #expect(lines(51).count == 51)
        #expect(lines(1000).count == 51)
        #expect(lines(1000).last == "and 950 more errors")
    }

    @Test("merge keys are refused with what to do instead")
    func mergeKeys() {
        let yaml = "batch: &b {size: 5}\nstore: {<<: *b}\n"
        #expect(
            RunSettings.errors(yaml) == [
                "t.yaml:2:9: merge keys (<<) are not supported; write the settings out"
            ]
        )
    }

    @Test("a missing file and a directory say so")
    func unreadable() {
        let missing = #expect(throws: ConfigurationFailure.self) {
            try ConfigurationFile(path: "/nonexistent/t.yaml")
        }
        #expect(missing?.description == "/nonexistent/t.yaml:1:1: cannot be read: No such file or directory")
        #expect(throws: ConfigurationFailure.self) { try ConfigurationFile(path: "/") }
        #expect(ConfigurationFailure.exitCode == 78)
    }
}
