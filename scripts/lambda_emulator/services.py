"""The function with moto's services: repetitions, overlaps, new environments, dead letters, an endpoint that scores."""
import gzip, json, os, urllib.request

from . import events
from .check import SETTINGS
from .emulator import Expectations, Function
from .events import SUCCESS
from .moto import Account, Moto
from .sources import UNSCORED


def services(package, scratch):
    try:
        moto = Moto()
    except ImportError as error:
        return print(f"lambda-emulator: skipped: services ({error})")
    expectations, functions = Expectations(), []
    try:
        account = Account(moto, "services")
        settings = {**SETTINGS, **account.settings(), "TIMBERLINE_METRICS_NAMESPACE": "LogAnomaly"}

        def environment():
            """A new one, in place of the one before."""
            if functions:
                functions[-1].stop()
            functions.append(Function(package + "/bootstrap", settings, task=package))

        def expect(name, event):
            expectations.equal(name, functions[-1].invoke(event), SUCCESS)

        def expect_stored(name, count):
            expectations.equal(name, len(account.items()), count)

        texts = list(events.access_lines(600))
        environment()
        for first in (0, 100, 200, 200, 100):
            expect("kafka", events.kafka(texts[first:first + 100], first))
        expect_stored("repeated batches", 300 - UNSCORED)
        environment()
        expect("kafka", events.kafka(texts[250:400], 250))
        expect_stored("an overlap in a new environment", total := 400 - UNSCORED)
        for first in (0, 100):
            expect("sqs", events.sqs(texts[first:first + 100], first))
        expect_stored("sqs", total := total + 200 - UNSCORED)
        for _ in range(2):
            expect("kinesis", events.kinesis(texts[:200], 0))
        expect_stored("kinesis", total := total + 200 - UNSCORED)
        data = gzip.compress("".join(line + "\n" for line in events.access_lines(500, 9)).encode())
        tag = moto.buckets.put_object(Bucket="services", Key="a b.gz", Body=data)["ETag"].strip('"')
        for _ in range(2):
            expect("s3", events.s3("services", "a b.gz", tag, len(data)))
        expect_stored("s3", total + 500)
        bad = events.kafka(texts[400:405], 400)
        next(iter(bad["records"].values()))[2]["value"] = "??"
        expect("malformed base64", bad)
        expectations.equal("dead letters", len(account.messages(account.dead)), 1)
        objects = moto.buckets.list_objects_v2(Bucket="services", Prefix="models/")["Contents"]
        ends = ["/my-log-topic/0", "/shardId-000000000006", "/model"]
        found = sorted(item["Key"] for item in objects)
        expectations.equal("checkpoints", [key.endswith(end) for key, end in zip(found, ends)], [True] * 3)
        output = functions[-1].output()
        for text in ("Log successfully written to DynamoDB", '"Namespace":"LogAnomaly"'):
            expectations.true("log", text in output, f"no {text!r}")
        endpoint(package, scratch, moto, expectations)
    finally:
        if functions:
            functions[-1].stop()
        moto.stop()
    expectations.finish()
    print("lambda-emulator: with moto's services all totals agree")


def endpoint(package, scratch, moto, expectations):
    """Scores by an endpoint of moto's, whose answers are set before, in both shapes."""
    bodies = [{"scores": [{"score": 0.5}, {"score": 4.25}]}, {"scores": [7.5]}]
    results = {"results": [{"Body": json.dumps(body), "ContentType": "application/json"} for body in bodies]}
    url = moto.address + "/moto-api/static/sagemaker/endpoint-results"
    request = urllib.request.Request(url, json.dumps(results).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()
    path = os.path.join(scratch, "endpoint.yaml")
    with open(path, "w") as file:
        file.write(
            "format: json\nscorer: sagemaker\nsagemaker: {endpoint: rcf, batch-records: 2, concurrency: 1}\n"
            "detection:\n  features: [{field: latency_ms, transform: none}]\n"
        )
    function = Function(package + "/bootstrap", {"TIMBERLINE_CONFIG": path, "AWS_ENDPOINT_URL": moto.address}, task=package)
    try:
        answer = function.invoke(events.direct([events.service_line(index) for index in range(3)], 0))
        scores = {"anomaly_score": 7.5, "anomaly_scores": [0.5, 4.25, 7.5]}
        expectations.equal("endpoint", json.loads(answer.get("body", "{}")), scores)
        expectations.equal("alarms", function.output().count("Anomaly detected: "), 2)
    finally:
        function.stop()
