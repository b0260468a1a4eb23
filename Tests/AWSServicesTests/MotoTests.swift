import AWSTestSupport
import Foundation
import JSONText
import KafkaTestSupport
import Testing

@testable import AWSServices

/// Every call against moto, which is not ours; boto3 makes the places and reads back what was written.
@Suite(.ownThread, .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")) struct MotoTests {
    private let moto: Moto
    /// Of what a test makes: tests run at once against one server.
    private let name = "t" + UUID().uuidString.lowercased()

    init() throws {
        moto = try Moto.shared.get()
    }

    private func lines(_ output: String) -> [String] { output.split(separator: "\n").map(String.init) }

    @Test("DynamoDB: items written alone and by the batch are those that boto3 reads, and the reverse")
    func dynamoDB() throws {
        _ = try moto.boto3(
            """
            table = boto3.resource("dynamodb").create_table(TableName=sys.argv[1], BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}])
            table.put_item(Item={"pk": "theirs", "sk": 1, "text": "\\"\\u00fc\\n", "set": {"a", "b"}, "n": None,
                "list": [1, True, b"\\x00\\xff"], "map": {"k": "v"}})
            """,
            [name]
        )
        let client = moto.client
        let item: DynamoDB.Item = [
            "pk": .string("ours"), "sk": .integer(-5), "score": .number(0.1 + 0.2),
            "binary": .binary([0, 255]),
            "flag": .boolean(false), "none": .null, "list": .list([.string("ü\u{1}"), .number(1e-7)]),
            "map": .map(["a": .stringSet(["x", "y"]), "b": .numberSet(["1", "2"])]),
        ]
        try client.send(DynamoDB.PutItem(tableName: name, item: item))
        let again = DynamoDB.PutItem(
            tableName: name,
            item: item,
            condition: "attribute_not_exists(#p)",
            names: ["#p": "pk"]
        )
        #expect(throws: AWSError.self) { try client.send(again) }
        #expect((try? client.send(again)) == nil)
        let many = (0..<60).map { number -> DynamoDB.Item in
            ["pk": .string("many"), "sk": .integer(number), "text": .string("line \(number)")]
        }
        #expect(client.putItems(many + [many[0]], into: name, key: ["pk", "sk"]).failures == [:])

        let read = try moto.boto3(
            """
            from boto3.dynamodb.conditions import Key
            table = boto3.resource("dynamodb").Table(sys.argv[1])
            item = table.get_item(Key={"pk": "ours", "sk": -5})["Item"]
            print(item["score"], item["binary"].value, item["flag"], item["none"], item["list"], sorted(item["map"]["a"]))
            print(len(table.query(KeyConditionExpression=Key("pk").eq("many"))["Items"]))
            """,
            [name]
        )
        #expect(
            lines(read) == [
                #"0.30000000000000004 b'\x00\xff' False None ['ü\x01', Decimal('1E-7')] ['x', 'y']"#, "60",
            ]
        )
        let theirs = try client.send(
            DynamoDB.Query(tableName: name, keyCondition: "pk = :p", values: [":p": .string("theirs")])
        )
        var found = try #require(theirs.items.first)
        if case .stringSet(let texts)? = found["set"] { found["set"] = .stringSet(texts.sorted()) }
        #expect(
            found == [
                "pk": .string("theirs"), "sk": .number("1"), "text": .string("\"ü\n"),
                "set": .stringSet(["a", "b"]),
                "n": .null, "list": .list([.number("1"), .boolean(true), .binary([0, 255])]),
                "map": .map(["k": .string("v")]),
            ]
        )
        var page = DynamoDB.Query(
            tableName: name,
            keyCondition: "pk = :p AND sk < :s",
            values: [":p": .string("many"), ":s": .integer(50)],
            limit: 30,
            isAscending: false
        )
        let first = try client.send(page)
        page.startKey = first.nextKey
        let second = try client.send(page)
        let order = (first.items + second.items).compactMap { $0["sk"] }
        #expect(order == (0..<50).reversed().map { .number("\($0)") } && second.nextKey == nil)
        let error = #expect(throws: AWSError.self) {
            try client.send(DynamoDB.PutItem(tableName: "nowhere", item: item))
        }
        #expect(error?.code == .notFound && error?.errorCode == "ResourceNotFoundException")
    }

    @Test("SNS: what is published, alone and by the batch, comes out of the queue that boto3 subscribed")
    func sns() throws {
        let made = try moto.boto3(
            """
            topic = boto3.client("sns").create_topic(Name=sys.argv[1])["TopicArn"]
            sqs = boto3.client("sqs")
            queue = sqs.create_queue(QueueName=sys.argv[1])["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
            print(topic, queue)
            """,
            [name]
        ).split(whereSeparator: \.isWhitespace).map(String.init)
        let client = moto.client
        let message = SNS.Message(
            text: "ü & <b> + ~\n1",
            subject: "A subject",
            attributes: ["level": "high", "a b": "ü"]
        )
        #expect(try client.send(SNS.Publish(topicARN: made[0], message: message)).messageID.count == 36)
        #expect(
            client.publish((0..<12).map { SNS.Message(text: "batch \($0)") }, to: made[0]).failures == [:]
        )
        let read = try moto.boto3(
            """
            sqs = boto3.client("sqs")
            found = []
            while len(found) < 13:
                for message in sqs.receive_message(QueueUrl=sys.argv[1], MaxNumberOfMessages=10)["Messages"]:
                    body = json.loads(message["Body"])
                    found.append(body["Message"])
                    if "Subject" in body:
                        print(json.dumps([body["Message"], body["Subject"], sorted(body["MessageAttributes"])]))
            print(sorted(found)[:12] == sorted(f"batch {n}" for n in range(12)))
            """,
            [made[1]]
        )
        #expect(
            lines(read) == [#"["\u00fc & <b> + ~\n1", "A subject", ["a b", "level"]]"#, "True"]
        )
        let error = #expect(throws: AWSError.self) {
            try client.send(
                SNS.Publish(topicARN: "arn:aws:sns:us-east-1:123456789012:nowhere", message: message)
            )
        }
        #expect(error?.code == .notFound || error?.code == .refused)
    }

    @Test("SQS: what is sent is what boto3 receives")
    func sqs() throws {
        let queue = try #require(
            lines(
                try moto.boto3(
                    #"print(boto3.client("sqs").create_queue(QueueName=sys.argv[1])["QueueUrl"])"#,
                    [name]
                )
            ).first
        )
        let messages = (0..<23).map { SQS.Message(body: "ü\n\($0)", attributes: ["n": "\($0)"]) }
        #expect(moto.client.sendMessages(messages, to: queue).failures == [:])
        let read = try moto.boto3(
            """
            sqs = boto3.client("sqs")
            found = {}
            while len(found) < 23:
                answer = sqs.receive_message(QueueUrl=sys.argv[1], MaxNumberOfMessages=10, MessageAttributeNames=["All"])
                for message in answer["Messages"]:
                    found[message["Body"]] = message["MessageAttributes"]["n"]["StringValue"]
            print(found == {f"\\u00fc\\n{n}": str(n) for n in range(23)})
            """,
            [queue]
        )
        #expect(lines(read) == ["True"])
        let outcome = moto.client.sendMessages([.init(body: "x")], to: queue + "-nowhere")
        #expect(outcome.failures[0]?.code == .notFound)
    }

    @Test("Kinesis: what is put is what boto3 gets")
    func kinesis() throws {
        _ = try moto.boto3(
            #"boto3.client("kinesis").create_stream(StreamName=sys.argv[1], ShardCount=1)"#,
            [name]
        )
        let records = (0..<510).map {
            Kinesis.Record(data: [UInt8($0 & 255), 0, 255], partitionKey: "k\($0)")
        }
        #expect(moto.client.putRecords(records, into: name).failures == [:])
        let read = try moto.boto3(
            """
            kinesis = boto3.client("kinesis")
            shard = kinesis.list_shards(StreamName=sys.argv[1])["Shards"][0]["ShardId"]
            place = kinesis.get_shard_iterator(StreamName=sys.argv[1], ShardId=shard, ShardIteratorType="TRIM_HORIZON")
            records = kinesis.get_records(ShardIterator=place["ShardIterator"], Limit=1000)["Records"]
            print([record["Data"] for record in records] == [bytes([n & 255, 0, 255]) for n in range(510)],
                records[5]["PartitionKey"])
            """,
            [name]
        )
        #expect(lines(read) == ["True k5"])
    }

    @Test("S3: objects with any key, on conditions, whole and part by part")
    func s3() throws {
        _ = try moto.boto3(#"boto3.client("s3").create_bucket(Bucket=sys.argv[1])"#, [name])
        let client = moto.client
        let place = S3.Place(bucket: name, key: "a b/ü+=&?#%2F~*'()!")
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let first = try client.send(S3.PutObject(place, body: body, condition: .absent))
        let taken = #expect(throws: AWSError.self) {
            try client.send(S3.PutObject(place, body: [1], condition: .absent))
        }
        #expect(taken?.code == .conditionFailed && taken?.status == 412)
        let read = try client.send(S3.GetObject(place))
        #expect(read?.body == body && read?.entityTag == first.entityTag)
        #expect(try client.send(S3.GetObject(place, unlessEntityTag: first.entityTag)) == nil)
        let second = try client.send(
            S3.PutObject(place, body: body.reversed(), condition: .unchanged(entityTag: first.entityTag))
        )
        let stale = #expect(throws: AWSError.self) {
            try client.send(S3.PutObject(place, body: [1], condition: .unchanged(entityTag: first.entityTag)))
        }
        #expect(stale?.code == .conditionFailed)
        #expect(
            try client.send(S3.GetObject(place, unlessEntityTag: first.entityTag))?.entityTag
                == second.entityTag
        )
        var parts: [UInt8] = []
        try client.readObject(place) { parts += $0 }
        #expect(parts == body.reversed())
        let replaced = #expect(throws: AWSError.self) {
            try client.readObject(place, entityTag: first.entityTag) { _ in }
        }
        #expect(replaced?.code == .conditionFailed)
        let theirs = try moto.boto3(
            """
            for entry in boto3.client("s3").list_objects_v2(Bucket=sys.argv[1])["Contents"]:
                print(entry["Key"], entry["Size"])
            """,
            [name]
        )
        #expect(lines(theirs) == ["\(place.key) 300000"])
        for key in ["nowhere", "a/../b", "./x", "//y//"] {
            let error = #expect(throws: AWSError.self) {
                try client.send(S3.GetObject(S3.Place(bucket: name, key: key)))
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test("SageMaker: the answer that was set is read; Lambda: a function that is not there is an error")
    func inference() throws {
        let endpoint = try moto.boto3(
            """
            import urllib.request, os
            answer = {"results": [{"Body": '{"scores": [{"score": 0.02}]}', "ContentType": "application/json",
                "InvokedProductionVariant": "blue"}]}
            url = os.environ["AWS_ENDPOINT_URL"] + "/moto-api/static/sagemaker/endpoint-results"
            urllib.request.urlopen(urllib.request.Request(url, json.dumps(answer).encode(), {"Content-Type": "application/json"}))
            print("set")
            """
        )
        #expect(lines(endpoint) == ["set"])
        let answer = try moto.client.send(
            SageMaker.InvokeEndpoint(endpointName: name, body: Array(#"{"instances": []}"#.utf8))
        )
        #expect(try JSONValue(answer.body)["scores"]?.array?.first?["score"]?.double == 0.02)
        #expect(answer.variant == "blue")
        let error = #expect(throws: AWSError.self) {
            try moto.client.send(Lambda.Invoke(functionName: name, payload: Array("{}".utf8)))
        }
        #expect(error?.code == .notFound)
    }

    @Test("STS: a role taken on, by keys and by a token, and who that is")
    func sts() throws {
        let client = moto.client
        let role = "arn:aws:iam::123456789012:role/\(name.prefix(20))"
        let assumed = try client.send(
            STS.AssumeRole(roleARN: role, sessionName: "me", externalID: "x y", duration: 900)
        )
        let minutes = (try #require(assumed.expiryMilliseconds) - AWSClock.system.now()) / 60_000
        #expect((13...15).contains(minutes) && assumed.sessionToken != nil)
        let asRole = AWSClient(
            AWSStub.quickSettings,
            environment: AWSEnvironment(moto.variables),
            credentials: FixedCredentials(assumed)
        )
        #expect(try asRole.send(STS.GetCallerIdentity()).arn.hasSuffix("assumed-role/\(name.prefix(20))/me"))
        let web = STS.AssumeRoleWithWebIdentity(roleARN: role, sessionName: "web", token: "a.b.c")
        #expect(try client.send(web).expiryMilliseconds != nil)
        #expect(try client.send(STS.GetCallerIdentity()).account == "123456789012")
    }
}
