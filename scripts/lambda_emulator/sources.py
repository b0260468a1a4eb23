"""The kinds of events, each with what its records are called in the table."""
import gzip
from dataclasses import dataclass
from typing import Callable

from . import events

# Lines that a model learns before its first score.
UNSCORED = 32


@dataclass
class Source:
    name: str
    # Lines, the number of the first one and the account to an event, and the places of its records.
    make: Callable
    # Whether the records have an order, by which a model knows them when they come again.
    is_ordered: bool = False
    # Whether the same records have the same identity when they come again: a direct call that comes again is another.
    is_repeatable: bool = True

    def deliver(self, function, event):
        """Whether the function took the event."""
        answer = function.invoke(event)
        return answer == events.SUCCESS if self.name != "direct" else answer.get("statusCode") == 200


def kafka(name):
    def make(lines, first, account):
        event = events.kafka(lines, first, name)
        cluster = event.get("eventSourceArn") or ",".join(sorted(event["bootstrapServers"].split(",")))
        records = next(iter(event["records"].values()))
        return event, [(f"kafka:{cluster}/{record['topic']}", record["offset"]) for record in records]
    return make


def kinesis(lines, first, account):
    event = events.kinesis(lines, first)
    return event, [
        (f"kinesis:{record['eventSourceARN']}/{record['eventID'].replace(':', '/')}", None) for record in event["Records"]
    ]


def sqs(name):
    def make(lines, first, account):
        event = events.sqs(lines, first, name)
        return event, [(f"sqs:{record['eventSourceARN']}/{record['messageId']}", None) for record in event["Records"]]
    return make


def s3(lines, first, account):
    key = f"logs/app one+two {first}.log.gz"
    plain = [line.encode() + b"\n" for line in lines]
    data = gzip.compress(b"".join(plain), mtime=0)
    tag = account.moto.buckets.put_object(Bucket=account.name, Key=key, Body=data)["ETag"].strip('"')
    starts = [sum(len(line) for line in plain[:index]) for index in range(len(plain))]
    return events.s3(account.name, key, tag, len(data)), [(f"s3:{account.name}/{key}@{tag}", at) for at in starts]


def cloudwatch(lines, first, account):
    return events.cloudwatch(lines, first), [(f"logs:/eks/checkout/pod-1/{10**30 + first + i}", None) for i in range(len(lines))]


def direct(lines, first, account):
    return events.direct(lines, first), [("request", index) for index in range(len(lines))]


SOURCES = [
    Source("msk", kafka("kafka-msk"), is_ordered=True),
    Source("self-managed", kafka("kafka-selfmanaged"), is_ordered=True),
    Source("kinesis", kinesis, is_ordered=True),
    Source("sqs", sqs("sqs")),
    Source("sqs-fifo", sqs("sqs-fifo")),
    Source("s3", s3),
    Source("cloudwatch", cloudwatch),
    Source("direct", direct, is_repeatable=False),
]


def places(scores):
    """The table's places as the sources name them: where the origin names the record, its offset says nothing."""
    def place(origin, offset):
        if origin.startswith("request:"):
            return "request", offset
        return origin, offset if origin.startswith(("kafka:", "s3:")) else None
    return {place(*key): score for key, score in scores.items()}
