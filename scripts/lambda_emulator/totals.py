"""A thousand events of each kind, one after the other, and the totals of what came of them."""
import collections, os, time

from . import events
from .emulator import Expectations, Function
from .moto import Account, Moto
from .sources import SOURCES, UNSCORED, places

# Far over what usual lines have, and under odd ones also when a model has seen a hundred of them.
THRESHOLD = 1.8
LINES = 3


def configuration(scratch):
    """The settings file of these functions."""
    path = os.path.join(scratch, "timberline.yaml")
    with open(path, "w") as file:
        file.write(f"format: json\ndetection:\n  features: [{{field: latency_ms}}]\n  trees: 20\n  samples: 64\n  threshold: {THRESHOLD}\n")
    return {"TIMBERLINE_CONFIG": path, "TIMBERLINE_LOG_RECORDS": "none", "TIMBERLINE_UNORDERED": "learn"}


def batch(index, first):
    """The lines of an event, and which of them are odd: the first event teaches, each twentieth one has an odd line."""
    count = UNSCORED + 68 if index == 0 else LINES
    odd = {count - 1} if index % 20 == 19 else set()
    return [events.service_line(first + line, line in odd) for line in range(count)], odd


def totals(package, scratch):
    """Sends the events of each kind; every seventh comes twice, every 250th meets a new environment."""
    try:
        moto = Moto()
    except ImportError as error:
        return print(f"lambda-emulator: skipped: totals ({error})")
    rounds = int(os.environ.get("TIMBERLINE_TEST_ROUNDS", "1000"))
    expectations = Expectations()
    try:
        for source in SOURCES:
            print(run(source, Account(moto, "totals-" + source.name), package, configuration(scratch), rounds, expectations), flush=True)
    finally:
        moto.stop()
    expectations.finish()
    print(f"lambda-emulator: {rounds} events of each of {len(SOURCES)} kinds: all totals agree")


def run(source, account, package, configuration, rounds, expectations):
    settings = {**configuration, **account.settings()}
    functions, sent, planted, answered = [], [], [], []
    first, deliveries, begin = 0, 0, time.time()
    try:
        for index in range(rounds):
            if index % 250 == 0:
                if functions:
                    functions[-1].stop()
                functions.append(Function(package + "/bootstrap", settings, task=package))
            lines, odd = batch(index, first)
            event, keys = source.make(lines, first, account)
            for _ in range(2 if source.is_repeatable and index % 7 == 6 else 1):
                taken = source.deliver(functions[-1], event)
                deliveries += 1
                expectations.true(f"{source.name}: event {index}", taken, "refused")
            sent += keys
            planted += [keys[line] for line in odd]
            first += len(lines)
    finally:
        output = functions[-1].output()
        functions[-1].stop()
    expectations.true(f"{source.name}: log", "dynamodb_written" in output, output[-400:])
    return agree(source, account, sent, planted, deliveries, expectations) + f" {time.time() - begin:.0f} s"


def agree(source, account, sent, planted, deliveries, expectations):
    """Compares what is in the table and in the topic's queue with what was sent."""
    scores, alerts = account.scores(), account.alerted()
    told = collections.Counter(alerts)
    over = {place for place, score in scores.items() if score > THRESHOLD}
    if source.is_repeatable:
        stored = places(scores)
        expectations.equal(f"{source.name}: stored", set(stored), set(sent[UNSCORED:]))
        expectations.true(f"{source.name}: places", len(stored) == len(scores), len(scores) - len(stored))
        missing = set(planted) - set(places(told))
    else:
        counts = collections.Counter(places_of_requests(scores))
        expectations.equal(f"{source.name}: stored", counts, collections.Counter(sent[UNSCORED:]))
        missing = collections.Counter(planted) - collections.Counter(places_of_requests(told))
    expectations.true(f"{source.name}: odd lines without an alert", not missing, missing)
    # What a model has learnt without an order may have another score when it comes again.
    is_exact = source.is_ordered or not source.is_repeatable
    unsaid, excess = over - set(told), set(told) - over
    expectations.true(f"{source.name}: anomalies stored and alerted", not unsaid and not (is_exact and excess), (unsaid, excess))
    expectations.true(f"{source.name}: alerted twice", not is_exact or len(alerts) == len(told), len(alerts))
    dead = account.messages(account.dead)
    expectations.equal(f"{source.name}: dead letters", dead, [])
    return (
        f"totals name={source.name} deliveries={deliveries} records={len(sent)} stored={len(scores)} "
        f"odd={len(planted)} anomalies={len(over)} alerted={len(told)} messages={len(alerts)}"
    )


def places_of_requests(scores):
    return [("request", offset) for _, offset in scores]
