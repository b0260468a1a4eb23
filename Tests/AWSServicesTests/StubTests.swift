import AWSTestSupport
import HTTPServer
import KafkaTestSupport
import Testing

@testable import AWSServices

/// Our calls against a server that checks signatures and fails as it is told.
@Suite(.ownThread) struct StubTests {
    @Test("every call is signed so that the other side finds the same signature")
    func signatures() throws {
        let stub = try AWSStub { call in
            switch call.operation {
            case "GetCallerIdentity":
                .xml(
                    "<R><GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult></R>"
                )
            case "Publish": .xml("<R><PublishResult><MessageId>m</MessageId></PublishResult></R>")
            case "Query": .json(#"{"Items": []}"#)
            case let path where path.hasPrefix("PUT"): HTTPResponse(headers: ["ETag": "\"1\""])
            default: .json("{}")
            }
        }
        let client = stub.client()
        let key = "a b/ü+=&?#%2F//./..~*'()"
        let place = S3.Place(bucket: "b.c", key: key)
        #expect(try client.send(S3.PutObject(place, body: [0, 255])).entityTag == "\"1\"")
        _ = try client.send(S3.GetObject(place, versionID: "v/1+ "))
        _ = try client.send(SageMaker.InvokeEndpoint(endpointName: "e f/g", body: [1]))
        _ = try client.send(
            Lambda.Invoke(functionName: "arn:aws:lambda:x:1:function:f", qualifier: "$LATEST", payload: [1])
        )
        try client.send(DynamoDB.PutItem(tableName: "t", item: ["ü": .string("\"\u{1}ü")]))
        _ = try client.send(
            DynamoDB.Query(tableName: "t", keyCondition: "a = :a", values: [":a": .integer(1)])
        )
        _ = try client.send(
            SNS.Publish(topicARN: "t", message: .init(text: "ü & = +", attributes: ["a": "b"]))
        )
        _ = try client.send(STS.GetCallerIdentity())
        #expect(stub.refusals == [])
        #expect(stub.calls.count == 8)
        #expect(stub.calls.allSatisfy { $0.region == "eu-west-3" })
        #expect(
            stub.calls.map(\.service) == [
                "s3", "s3", "sagemaker", "lambda", "dynamodb", "dynamodb", "sns", "sts",
            ]
        )
        #expect(stub.calls[0].request.path == "/b.c/" + key)
    }
}
