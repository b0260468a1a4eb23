"""The consumer that a team would write in Python for the job of `timberline run`: confluent-kafka, re, krcf for each
service, SQLite. In batches, one compiled expression, one transaction a batch, offsets committed after it.

usage: pipeline-consumer.py BROKERS TOPIC STORE WARM-UP COUNT     prints records=… cpu_seconds=… anomalies=…

WARM-UP records come first and are not counted in the CPU seconds; they are the same work.
"""

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
INSERT = "INSERT OR IGNORE INTO anomalies VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Detector:
    """A forest, and the mean plus three standard deviations of its recent scores."""

    WINDOW = 1000

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
        self.count = 0
        self.mean = 0.0
        self.variance = 0.0

    def judge(self, point):
        score = self.forest.score(point)
        threshold = max(1.0, self.mean + 3 * math.sqrt(self.variance))
        self.count += 1
        weight = 1 / min(self.count, self.WINDOW)
        deviation = score - self.mean
        self.mean += weight * deviation
        self.variance = (1 - weight) * (self.variance + weight * deviation * deviation)
        self.forest.update(point)
        return score, threshold


def rows(messages, detectors):
    """The anomalies of a batch, as rows to store."""
    for message in messages:
        if message.error():
            raise SystemExit(str(message.error()))
        match = LINE.match(message.value())
        if not match:
            continue
        stamp, status, size, seconds, service = match.groups()
        point = [
            math.log1p(float(seconds) / 0.001),
            1.0 if status[:1] == b"5" else 0.0,
            math.log1p(0 if size == b"-" else int(size)),
        ]
        detector = detectors.get(service)
        if detector is None:
            detector = detectors[service] = Detector()
        score, threshold = detector.judge(point)
        if score > threshold:
            yield (message.topic(), message.partition(), message.offset(), stamp.decode(), service.decode(),
                   score, threshold, message.value().decode())


def main():
    brokers, topic, path = sys.argv[1:4]
    warm_up, count = (int(word) for word in sys.argv[4:6])
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = NORMAL")
    store.execute("CREATE TABLE anomalies (topic, partition, offset, time, service, score, threshold, line,"
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
