"""Size, start, time and memory of the function, beside a Python function of the usual kind."""
import http.server, json, os, socket, statistics, subprocess, sys, time

from .check import SETTINGS
from .emulator import Function, serve
from .events import SUCCESS, access_lines, kafka


def start_times(command, package, count=30):
    """Milliseconds from exec to the first request for an event."""
    times = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        environment = {"AWS_LAMBDA_RUNTIME_API": address, "LAMBDA_TASK_ROOT": package, "PATH": os.environ["PATH"], **SETTINGS}
        for _ in range(count + 1):
            begin = time.perf_counter()
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            connection, _ = listener.accept()
            connection.recv(1)
            times.append((time.perf_counter() - begin) * 1000)
            process.kill()
            process.wait()
            connection.close()
    # The first one fills the page cache.
    return statistics.median(times[1:])


# Written as people write it: boto3, a call for each record. %s is the interpreter that has boto3.
PEER = r'''#!%s
import base64, http.client, json, os, re
import boto3
api = os.environ["AWS_LAMBDA_RUNTIME_API"]
line = re.compile(r'(\S+) \S+ \S+ \[([^]]+)\] "([^"]*)" (\d+) (\d+)')
runtime, model = http.client.HTTPConnection(api), boto3.client("sagemaker-runtime")

def handler(event):
    for records in event["records"].values():
        for record in records:
            match = line.match(base64.b64decode(record["value"]).decode())
            status, size = int(match[4]), int(match[5])
            body = json.dumps({"instances": [{"features": [float(400 <= status < 500), float(status >= 500), float(size)]}]})
            answer = model.invoke_endpoint(EndpointName="rcf", ContentType="application/json", Body=body)
            score = json.loads(answer["Body"].read())["scores"][0]["score"]
            if score > 3:
                print("Anomaly detected:", score)
    return {"statusCode": 200}

while True:
    runtime.request("GET", "/2018-06-01/runtime/invocation/next")
    response = runtime.getresponse()
    event, request = json.loads(response.read()), response.headers["Lambda-Runtime-Aws-Request-Id"]
    answer = json.dumps(handler(event))
    runtime.request("POST", f"/2018-06-01/runtime/invocation/{request}/response", answer)
    runtime.getresponse().read()
'''

# Those that the Python function makes.
FEATURES = '''
format: combined
detection:
  trees: 50
  samples: 256
  features:
    - {field: status, transform: 4xx}
    - {field: status, transform: 5xx}
    - {field: bytes, transform: log}
'''


class Endpoint(http.server.BaseHTTPRequestHandler):
    """A model that answers at once: what a real one takes comes on top."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"scores":[{"score":0.9}]}'
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def log_message(self, *_):
        pass


def event(texts, first):
    """An event of MSK whose records hold little beside the line: 6 MB hold 10,900 of them."""
    made = kafka(texts, first)
    for record in next(iter(made["records"].values())):
        record.pop("key", None)
        record["headers"] = []
    return json.dumps(made, separators=(",", ":")).encode()


def measure(function, size, count):
    """The mean of `count` batches, each of lines of its own, by a model that has seen a thousand."""
    texts = list(access_lines(1_000 + size * count))
    function.invoke(event(texts[:1_000], 0))
    events = [event(texts[at:at + size], at) for at in range(1_000, len(texts), size)]
    cpu, begin = function.cpu(), time.perf_counter()
    for body in events:
        answer = function.invoke(body)
        if answer not in (SUCCESS, {"statusCode": 200}):
            sys.exit(f"lambda-emulator: {len(body)} bytes: {answer}")
    return {
        "wall_ms": round((time.perf_counter() - begin) / count * 1000, 2),
        "cpu_ms": round((function.cpu() - cpu) / count * 1000, 2), "peak_mib": round(function.peak(), 1),
    }


def bench(package, scratch, archive):
    peer = os.path.join(scratch, "peer")
    with open(peer, "w") as file:
        file.write(PEER % sys.executable)
    os.chmod(peer, 0o755)
    subprocess.run([sys.executable, "-c", "import boto3"], check=True)
    settings = os.path.join(scratch, "timberline.yaml")
    with open(settings, "w") as file:
        file.write(FEATURES)
    ours = {"TIMBERLINE_CONFIG": settings, "TIMBERLINE_LOG_RECORDS": "none"}
    theirs = {"AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": serve(Endpoint), "AWS_EC2_METADATA_DISABLED": "true"}
    batches = [("100", 100, 200), ("500", 500, 60), ("6mb", 10_900, 3)]
    results = [f"lambda name=zip bytes={os.path.getsize(archive)}"]
    results.append(f"lambda name=start median_ms={start_times([package + '/bootstrap'], package):.1f} starts=30")
    for label, size, count in batches:
        for name, command, settings in [("timberline", package + "/bootstrap", ours), ("python", peer, theirs)]:
            function = Function(command, settings, task=package)
            try:
                # A call for each record takes seconds.
                values = measure(function, size, count if name == "timberline" else max(1, count // 20))
            finally:
                function.stop()
            results.append(f"lambda name={name} batch={label} records={size} " + " ".join(f"{k}={v}" for k, v in values.items()))
    print("\n".join(results))
