import Testing

@testable import ModelEndpoint

@Suite struct HyperparameterTests {
    private func parameters(_ json: String) throws -> Hyperparameters {
        try Hyperparameters(Array(json.utf8))
    }

    @Test("what is not there is as in SageMaker's random cut forest")
    func defaults() throws {
        let parameters = try parameters("{}")
        #expect(parameters.settings == TrainingSettings() && parameters.featureCount == nil)
        #expect(parameters.settings.treeCount == 100 && parameters.settings.sampleSize == 256)
        #expect(parameters.metrics == [.accuracy, .precisionRecallFScore])
    }

    @Test("values are strings, and SageMaker's own are passed over")
    func values() throws {
        let parameters = try parameters(
            """
            {"feature_dim":"3","num_trees":"75","num_samples_per_tree":"512","shingle_size":"4","time_decay":"0.01",
             "seed":"9","eval_metrics":"[\\"accuracy\\"]","sagemaker_region":"x","_tuning_objective_metric":"y"}
            """
        )
        var settings = TrainingSettings()
        settings.treeCount = 75
        settings.sampleSize = 512
        settings.shingleSize = 4
        settings.timeDecay = 0.01
        settings.seed = 9
        #expect(parameters.settings == settings)
        #expect(parameters.featureCount == 3 && parameters.metrics == [.accuracy])
    }

    @Test(
        "what is out of range, or no such thing, is refused by its name",
        arguments: [
            (#"{"num_trees":"0"}"#, "num_trees is '0'"), (#"{"num_trees":"5.5"}"#, "num_trees is '5.5'"),
            (#"{"time_decay":"2"}"#, "time_decay is '2'"), (#"{"seed":[1]}"#, "seed is no string"),
            (#"{"Num_Trees":"5"}"#, "Num_Trees is not known"), ("{", "hyperparameters.json"),
        ]
    )
    func refused(json: String, words: String) throws {
        let error = try #require(throws: TrainingError.self) { try parameters(json) }
        #expect(error.message.contains(words), "\(error)")
    }
}

@Suite struct TrainingChannelTests {
    private func channels(_ json: String) throws -> [TrainingChannel] {
        try TrainingChannel.read(Array(json.utf8))
    }

    @Test("channels have their name and format, lines of numbers where it is not said")
    func formats() throws {
        let channels = try channels(
            """
            {"train":{"ContentType":"application/x-recordio-protobuf","TrainingInputMode":"FastFile"},
             "test":{"ContentType":"text/csv;label_size=1"},"plain":{"ContentType":"text/csv"},"none":{}}
            """
        )
        #expect(
            channels == [
                TrainingChannel(name: "none"), TrainingChannel(name: "plain"),
                TrainingChannel(name: "test", format: .csv(hasLabel: true)),
                TrainingChannel(name: "train", format: .recordIO),
            ]
        )
    }

    @Test(
        "what cannot be read is refused by the channel's name",
        arguments: [
            #"{"a":{"ContentType":"text/csv;label_size=2"}}"#, #"{"a":{"ContentType":"application/json"}}"#,
            #"{"a":{"TrainingInputMode":"Pipe"}}"#,
        ]
    )
    func refused(json: String) throws {
        let error = try #require(throws: TrainingError.self) { try channels(json) }
        #expect(error.message.hasPrefix("channel a: "), "\(error)")
    }
}

@Suite struct EvaluationTests {
    @Test("shares are those of their definitions, and 0 of nothing")
    func shares() {
        var evaluation = Evaluation()
        #expect(
            [evaluation.accuracy, evaluation.precision, evaluation.recall, evaluation.fScore] == [0, 0, 0, 0]
        )
        for (count, isAnomalous, isAbove) in [
            (3, true, true), (1, true, false), (2, false, true), (14, false, false),
        ] {
            for _ in 0..<count { evaluation.add(isAnomalous: isAnomalous, isAboveThreshold: isAbove) }
        }
        #expect(evaluation.rowCount == 20)
        #expect(evaluation.accuracy == 17.0 / 20 && evaluation.precision == 3.0 / 5)
        #expect(evaluation.recall == 3.0 / 4 && evaluation.fScore == 6.0 / 9)
    }
}
