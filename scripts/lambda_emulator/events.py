"""Lines of logs, and events that hold them, shaped as AWS's documentation shows them."""
import base64, copy, gzip, json, os, random, urllib.parse

from .emulator import ROOT

FIXTURES = os.path.join(os.path.dirname(ROOT), "shared/data/aws-fixtures")
TIME = 1767607200000
SUCCESS = {"batchItemFailures": []}


def access_lines(count, seed=1):
    """Log lines of 250 bytes in the combined format, one in a hundred unusual."""
    chance = random.Random(seed)
    for index in range(count):
        odd = index % 100 == 99
        head = f'10.0.{chance.randrange(256)}.{chance.randrange(256)} - - [05/Jan/2026:10:{index // 60 % 60:02}:{index % 60:02} +0000] '
        request = f'"GET /shop/item/{chance.randrange(10**6)} HTTP/1.1" {500 if odd else 200} '
        size = chance.randrange(10**7, 10**8) if odd else chance.randrange(2_000, 9_000)
        line = head + request + f'{size} "https://example.com/shop" "Mozilla/5.0 (X11; Linux x86_64) '
        yield line + "x" * max(0, 249 - len(line)) + '"'


def service_line(index, odd=False):
    """A JSON line as the fixtures have them; an odd one has their latency."""
    latency = 30_012 if odd else 30 + index * 7919 % 23
    message = "payment gateway timeout after 30000 ms" if odd else f"order {index} ok"
    time = f"2026-01-05T10:{index // 60 % 60:02}:{index % 60:02}.123Z"
    level = "ERROR" if odd else "INFO"
    return json.dumps({"ts": time, "level": level, "service": "checkout", "msg": message, "latency_ms": latency})


def encoded(line):
    return base64.b64encode(line.encode()).decode()


def fixture(name, otherwise):
    """An event of the fixtures; `otherwise`, of the same shape, where they are not there."""
    path = os.path.join(FIXTURES, name + ".json")
    if not os.path.exists(path):
        return copy.deepcopy(otherwise)
    with open(path) as file:
        return json.load(file)


def kafka(texts, first, name="kafka-msk"):
    event = fixture(name, {
        "eventSource": "aws:kafka" if name == "kafka-msk" else "SelfManagedKafka", "bootstrapServers": "b:9092",
        "records": {"my-log-topic-0": [{
            "topic": "my-log-topic", "partition": 0, "timestamp": TIME, "timestampType": "CREATE_TIME", "headers": [],
        }]},
        **({"eventSourceArn": "arn:aws:kafka:us-east-1:123456789012:cluster/c/1"} if name == "kafka-msk" else {}),
    })
    key, records = next(iter(event["records"].items()))
    event["records"] = {key: [
        {**records[0], "offset": first + index, "value": encoded(line)} for index, line in enumerate(texts)
    ]}
    return event


def kinesis(texts, first):
    event = fixture("kinesis", {"Records": [{
        "eventID": "shardId-000000000006:1", "eventSource": "aws:kinesis",
        "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/kafka-log-stream",
        "kinesis": {"partitionKey": "checkout"},
    }]})
    record = event["Records"][0]
    shard = record["eventID"].split(":")[0]

    def made(index, line):
        number = f"4959{10**20 + index}"
        data = {**record["kinesis"], "sequenceNumber": number, "data": encoded(line)}
        return {**record, "eventID": f"{shard}:{number}", "kinesis": data}

    return {"Records": [made(first + index, line) for index, line in enumerate(texts)]}


def sqs(texts, first, name="sqs"):
    event = fixture(name, {"Records": [{
        "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:log-queue", "attributes": {},
    }]})
    return {"Records": [
        {**event["Records"][0], "messageId": f"m{first + index}", "body": line} for index, line in enumerate(texts)
    ]}


def cloudwatch(texts, first):
    otherwise = {"messageType": "DATA_MESSAGE", "logGroup": "/app/checkout", "logStream": "stream-1"}
    event = fixture("cloudwatch-logs-direct", {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(otherwise).encode())).decode()}})
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    data["logEvents"] = [
        {"id": str(10**30 + first + index), "timestamp": TIME, "message": line} for index, line in enumerate(texts)
    ]
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()}}


def direct(texts, first):
    return {"records": [{"value": line if index % 2 else encoded(line)} for index, line in enumerate(texts)]}


def s3(bucket, key, tag, size):
    event = fixture("s3-put", {"Records": [{
        "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {}, "object": {}},
    }]})
    event["Records"][0]["s3"]["bucket"]["name"] = bucket
    event["Records"][0]["s3"]["object"] |= {"key": urllib.parse.quote_plus(key, safe="/"), "size": size, "eTag": tag}
    return event
