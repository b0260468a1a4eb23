"""The consumer that a team would write in Python for the job of `timberline run`: confluent-kafka, re, krcf for each
service, SQLite. In batches, one compiled expression, one transaction a batch, offsets committed after it. Values are
normalised by their own past, and what is unusual is explained by its attribution, as `run` does.

usage: pipeline-consumer.py BROKERS TOPIC STORE WARM-UP COUNT     prints records=… cpu_seconds=… anomalies=…

WARM-UP records come first and are not counted in the CPU seconds; they are the same work.
"""

import json
import math
import os
import re
import sqlite3
import sys
import time

import krcf
from confluent_kafka import Consumer

BATCH = 5000
LINE = re.compile(
    rb'\S+ \S+ \S+ \[([^\]]+)\] "[^"]*" (\d{3}) (\d+|-) "[^"]*" "[^"]*" (\d+\.\d+) (\S+)$')
INSERT = "INSERT OR IGNORE INTO anomalies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
FEATURES = ("request_time", "5xx", "bytes")
WINDOW = 1000


class Statistics:
    """Mean and deviation of the recent values; none counts for more than three deviations."""

    __slots__ = ("count", "mean", "variance", "deviation")

    def __init__(self):
        self.count = 0
        self.mean = self.variance = self.deviation = 0.0

    def normalise(self, value):
        return max(-20.0, min(20.0, (value - self.mean) / max(self.deviation, 0.01))) if self.count else 0.0

    def learn(self, value):
        self.count += 1
        difference = value - self.mean
        if self.count > 32:
            limit = 3 * max(self.deviation, 0.01)
            difference = max(-limit, min(limit, difference))
        weight = 1 / min(self.count, WINDOW)
        self.mean += weight * difference
        self.variance = (1 - weight) * (self.variance + weight * difference * difference)
        self.deviation = math.sqrt(self.variance)


class Detector:
    """A forest of normalised values, and the mean plus three standard deviations of its recent scores."""

    def __init__(self):
        self.forest = krcf.RandomCutForest({
            "dimensions": 3,
            "shingle_size": 1,
            "num_trees": 50,
            "sample_size": 256,
            "output_after": 32,
            "random_seed": 42,
            "parallel_execution_enabled": False,
        })
        self.values = [Statistics() for _ in FEATURES]
        self.scores = Statistics()

    def judge(self, values):
        """The score, the threshold, and of an anomaly each feature's share with what was expected."""
        point = [past.normalise(value) for past, value in zip(self.values, values)]
        score = self.forest.score(point)
        threshold = max(1.0, self.scores.mean + 3 * self.scores.deviation)
        drivers = self.drivers(point) if score > threshold else None
        self.scores.learn(score)
        for past, value in zip(self.values, values):
            past.learn(value)
        self.forest.update(point)
        return score, threshold, drivers

    def drivers(self, point):
        parts = self.forest.attribution(point)
        shares = [high + low for high, low in zip(parts["high"], parts["low"])]
        total = sum(shares) or 1.0
        return json.dumps([
            {"feature": name, "share": share / total, "expected": past.mean}
            for name, share, past in zip(FEATURES, shares, self.values)
        ])


def rows(messages, detectors):
    """The anomalies of a batch, as rows to store."""
    for message in messages:
        if message.error():
            raise SystemExit(str(message.error()))
        match = LINE.match(message.value())
        if not match:
            continue
        stamp, status, size, seconds, service = match.groups()
        values = [
            math.log1p(float(seconds) / 0.001),
            1.0 if status[:1] == b"5" else 0.0,
            math.log1p(0 if size == b"-" else int(size)),
        ]
        detector = detectors.get(service)
        if detector is None:
            detector = detectors[service] = Detector()
        score, threshold, drivers = detector.judge(values)
        if drivers is not None:
            yield (message.topic(), message.partition(), message.offset(), stamp.decode(), service.decode(),
                   score, threshold, drivers, message.value().decode())


def main():
    brokers, topic, path = sys.argv[1:4]
    warm_up, count = (int(word) for word in sys.argv[4:6])
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = NORMAL")
    store.execute("CREATE TABLE anomalies (topic, partition, offset, time, service, score, threshold, drivers, line,"
                  " PRIMARY KEY (topic, partition, offset))")
    consumer = Consumer({
        "bootstrap.servers": brokers,
        "group.id": f"python-{os.getpid()}",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    })
    consumer.subscribe([topic])
    detectors, done, anomalies, begin, patience = {}, 0, 0, None, 60
    end = warm_up + count
    while done < end:
        if begin is None and done >= warm_up:
            begin, warm_up = time.process_time(), done
        messages = consumer.consume(BATCH, timeout=0.5)
        if not messages:
            patience -= 1
            if patience == 0:
                raise SystemExit("nothing came for 30 seconds")
            continue
        found = list(rows(messages, detectors))
        store.execute("BEGIN")
        store.executemany(INSERT, found)
        store.execute("COMMIT")
        consumer.commit(asynchronous=False)
        done += len(messages)
        anomalies += len(found)
    spent = time.process_time() - begin
    consumer.close()
    print(f"records={done - warm_up} cpu_seconds={spent:.3f} anomalies={anomalies}")


if __name__ == "__main__":
    main()
