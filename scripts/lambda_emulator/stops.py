"""Functions that die behind each of their steps, for each kind of event, which then comes again."""
import http.server, os, time

from . import events
from .emulator import Expectations, Function, serve
from .moto import Account, Moto
from .sources import SOURCES, UNSCORED, places
from .totals import configuration

SINKS = ["dynamodb", "sns", "sqs", "webhook", "log", "metrics"]
STEPS = ["parse", "score"] + [f"sink:{name}" for name in SINKS] + ["checkpoint", "response"]


class Webhook(http.server.BaseHTTPRequestHandler):
    """Takes every post."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    def log_message(self, *_):
        pass


def stops(package, scratch):
    """The function has to be built with TIMBERLINE_STOP_POINTS=1."""
    try:
        moto = Moto()
    except ImportError as error:
        return print(f"lambda-emulator: skipped: stops ({error})")
    expectations, webhook = Expectations(), serve(Webhook)
    begin, count = time.time(), 0
    try:
        for source in SOURCES:
            for is_frozen in [False] if source.is_ordered else [False, True]:
                count += Course(source, is_frozen, moto, package, scratch, webhook, expectations).run()
    finally:
        moto.stop()
    expectations.finish()
    print(f"lambda-emulator: ended {count} times behind a step, all totals agree, {time.time() - begin:.0f} s")


class Course:
    """The same events twice: to a function that is never ended, and to one that is behind each step."""

    def __init__(self, source, is_frozen, moto, package, scratch, webhook, expectations):
        self.source, self.is_frozen, self.package, self.expectations = source, is_frozen, package, expectations
        self.name = source.name + ("-frozen" if is_frozen else "")
        self.steps = [step for step in STEPS if not (is_frozen and step == "checkpoint")]
        self.calm, self.disturbed = (Account(moto, f"{self.name}-{course}") for course in ("calm", "disturbed"))
        self.file = os.path.join(scratch, "stop")
        self.settings = {
            **configuration(scratch), "TIMBERLINE_LOG_RECORDS": "all", "TIMBERLINE_METRICS_NAMESPACE": "LogAnomaly",
            "TIMBERLINE_WEBHOOK_URL": webhook, "TIMBERLINE_TEST_STOP_FILE": self.file,
        }

    def function(self, account, step="", learns=False):
        settings = {**self.settings, **account.settings(), "TIMBERLINE_SQS_QUEUE_URL": account.queue, "TIMBERLINE_TEST_STOP": step}
        if self.is_frozen and not learns:
            settings["TIMBERLINE_UNORDERED"] = "frozen"
        return Function(self.package + "/bootstrap", settings, task=self.package)

    def deliver(self, function, event, name):
        taken = self.source.deliver(function, event)
        self.expectations.true(f"{self.name}: {name}", taken, function.output()[-400:])

    def batches(self):
        """One that teaches, then one for each step, all with an odd line."""
        first = 0
        for index in range(1 + len(self.steps)):
            count = UNSCORED + 68 if index == 0 else 20
            yield [events.service_line(first + line, line == 19 and index > 0) for line in range(count)], first
            first += count

    def run(self):
        sent, given = [], []
        for lines, first in self.batches():
            # Both courses read the same objects: the bucket is in their identity.
            event, keys = self.source.make(lines, first, self.calm)
            sent += keys
            given.append(event)
        self.teach(self.calm, given[0])
        function = self.function(self.calm)
        for step, event in zip(self.steps, given[1:]):
            self.deliver(function, event, step)
        function.stop()
        self.teach(self.disturbed, given[0])
        for step, event in zip(self.steps, given[1:]):
            self.end_behind(step, event)
        self.agree(sent)
        return len(self.steps)

    def teach(self, account, event):
        function = self.function(account, learns=True)
        self.deliver(function, event, "the first event")
        function.stop()

    def end_behind(self, step, event):
        open(self.file, "w").close()
        function = self.function(self.disturbed, step)
        try:
            answer = function.invoke(event)
            self.expectations.true(f"{self.name}: behind {step}", answer.get("errorType") == "Runtime.ExitError", answer)
            is_hit = not os.path.exists(self.file)
            self.expectations.true(f"{self.name}: {step} is hit", is_hit, "the function came past it")
            # The source gives the event again, to a new environment.
            self.deliver(function, event, f"again behind {step}")
        finally:
            function.stop()

    def agree(self, sent):
        calm, disturbed = self.calm.scores(), self.disturbed.scores()
        alerts = [account.alerted() for account in (self.calm, self.disturbed)]
        if not self.source.is_repeatable:
            return self.agree_of_requests(calm, disturbed, alerts)
        self.expectations.equal(f"{self.name}: stored", set(places(disturbed)), set(places(calm)))
        self.expectations.equal(f"{self.name}: sent", set(places(calm)), set(sent[UNSCORED:]))
        # Records without an order that were learnt already have another score; all others the same bits.
        if self.source.is_ordered or self.is_frozen:
            self.expectations.equal(f"{self.name}: scores", disturbed, calm)
        odd = set(alerts[0])
        self.expectations.true(f"{self.name}: alerts", odd <= set(alerts[1]) and len(odd) >= len(self.steps), alerts)

    def agree_of_requests(self, calm, disturbed, alerts):
        """A call that is made again is another request: of those that were ended behind the table's write both are there."""
        stored = STEPS.index("sink:dynamodb")
        twice = len([step for step in self.steps if STEPS.index(step) >= stored])
        requests = [{origin for origin, _ in scores} for scores in (calm, disturbed)]
        self.expectations.equal(f"{self.name}: requests", len(requests[1]), len(requests[0]) + twice)
        told = [{origin for origin, _ in places} for places in alerts]
        self.expectations.true(f"{self.name}: alerts", len(told[0]) == len(self.steps) <= len(told[1]), told)
        if self.is_frozen:
            self.expectations.equal(f"{self.name}: scores", set(disturbed.values()), set(calm.values()))
