import LocalLambdaModel
import Testing

@Suite("Function references")
struct FunctionReferenceTests {
    @Test(
        "are read in every form that Lambda takes",
        arguments: [
            ("scorer", nil, nil, nil),
            ("scorer:live", "live", nil, nil),
            ("scorer:$LATEST", "$LATEST", nil, nil),
            ("scorer:12", "12", nil, nil),
            ("function:scorer", nil, nil, nil),
            ("123456789012:scorer", nil, "123456789012", nil),
            ("123456789012:function:scorer:7", "7", "123456789012", nil),
            ("arn:aws:lambda:eu-west-1:123456789012:function:scorer", nil, "123456789012", "eu-west-1"),
            (
                "arn:aws-cn:lambda:cn-north-1:123456789012:function:scorer:live", "live", "123456789012",
                "cn-north-1"
            ),
        ] as [(String, String?, String?, String?)]
    )
    func everyForm(text: String, qualifier: String?, account: String?, region: String?) throws {
        let reference = try #require(FunctionReference(text))
        #expect(reference.name.text == "scorer")
        #expect(reference.qualifier?.description == qualifier)
        #expect(reference.account == account)
        #expect(reference.region == region)
    }

    @Test(
        "of no form are refused",
        arguments: [
            "", ":", "a b", "scorer:", ":live", "scorer:live:more", "scorer:a.b", "../scorer", "scorer:0",
            "scorer:01",
            "arn:aws:lambda:us-east-1:123456789012:function", "arn:aws:lambda:us-east-1:1:function:scorer",
            "arn:aws:sqs:us-east-1:123456789012:function:scorer",
            "arn:aws:lambda:us-east-1:123456789012:layer:scorer",
            "12345:scorer:live",
        ]
    )
    func noForm(text: String) {
        #expect(FunctionReference(text) == nil)
    }

    @Test("end with 64 characters of the name")
    func nameLimit() {
        #expect(FunctionReference(String(repeating: "n", count: 64)) != nil)
        #expect(FunctionReference(String(repeating: "n", count: 65)) == nil)
    }

    @Test("become ARNs of their region's partition")
    func arn() throws {
        let reference = try #require(FunctionReference("scorer:live"))
        #expect(
            reference.arn(in: AWSLocation()) == "arn:aws:lambda:us-east-1:123456789012:function:scorer:live"
        )
        let china = AWSLocation(region: "cn-north-1", account: "000000000001")
        #expect(reference.arn(in: china) == "arn:aws-cn:lambda:cn-north-1:000000000001:function:scorer:live")
    }
}
