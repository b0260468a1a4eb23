"""Every kind of event gets its right answer, in a chroot that holds the function's files alone."""
import glob, gzip, http.server, json, os, subprocess

from . import events
from .emulator import Expectations, Function, chroot, serve
from .events import FIXTURES, SUCCESS
from .sizes import sizes
from .tls import tls

SETTINGS = {"TIMBERLINE_FORMAT": "combined", "TIMBERLINE_UNORDERED": "learn", "TIMBERLINE_LOG_RECORDS": "none"}


class Objects(http.server.BaseHTTPRequestHandler):
    """A bucket with one object."""

    protocol_version = "HTTP/1.1"
    data = gzip.compress("".join(line + "\n" for line in events.access_lines(3_000)).encode())

    def do_GET(self):
        self.send_response(200)
        self.send_header("ETag", '"e"')
        self.send_header("Content-Length", str(len(self.data)))
        self.end_headers()
        self.wfile.write(self.data)

    def log_message(self, *_):
        pass


def is_scored(answer):
    return answer.get("statusCode") == 200 and "anomaly_score" in json.loads(answer["body"])


def check(package, scratch):
    command, problem = chroot(package, scratch)
    if problem:
        print(f"lambda-emulator: skipped: the chroot ({problem}); the function runs without it")
    settings = {**SETTINGS, "AWS_ENDPOINT_URL_S3": serve(Objects)}
    function = Function(command or package + "/bootstrap", settings, task="/" if command else package)
    expectations = Expectations()

    def expect(name, event, holds):
        answer = function.invoke(event)
        expectations.true(name, holds(answer), json.dumps(answer))

    success = lambda answer: answer == SUCCESS
    kinds = [("msk", events.kafka), ("kinesis", events.kinesis), ("sqs", events.sqs), ("cloudwatch", events.cloudwatch)]
    try:
        rounds = int(os.environ.get("TIMBERLINE_TEST_ROUNDS", "10"))
        for index in range(rounds):
            texts = list(events.access_lines(100, index))
            for name, make in kinds:
                expect(name, make(texts, 100 * index), success)
            expect("self-managed", events.kafka(texts, 100 * index, "kafka-selfmanaged"), success)
            # Models of a few records give no score: by then the queue's messages were learnt.
            answer = function.invoke(events.direct(texts, 0))
            is_whole = is_scored(answer) and len(json.loads(answer["body"])["anomaly_scores"]) == 100
            expectations.true("direct", is_whole, json.dumps(answer))
            expect("one record", events.direct(texts[:1], 0), lambda a: is_scored(a) and "anomaly_scores" not in a["body"])
        expect("s3", events.s3("logs", "a b.gz", "e", len(Objects.data)), success)
        expect("unknown", {"detail": 1}, lambda a: a.get("errorType") == "Event.Unknown" and "'detail'" in a["errorMessage"])
        expect("no JSON", b"{", lambda a: a.get("errorType") == "Event.Malformed")
        expect("none", {"records": []}, lambda a: a.get("errorType") == "Event.Empty")
        for path in sorted(glob.glob(FIXTURES + "/*.json")):
            kind = os.path.basename(path).split("-")[0].split(".")[0]
            if kind in ("kafka", "kinesis", "sqs", "cloudwatch"):
                expect(os.path.basename(path), open(path, "rb").read(), success)
        if not os.path.isdir(FIXTURES):
            print("lambda-emulator: skipped: ../shared/data/aws-fixtures is not there")
        output = function.output()
        function.stop()
        expectations.finish(output)
        tls(package, command, Objects, SETTINGS, scratch)
    finally:
        function.stop()
        if command:
            subprocess.run(["umount", package + "/proc"])
    sizes(package)
    print(f"lambda-emulator: every event has its answer, {rounds} rounds, {'in a chroot' if command else 'no chroot'}")

