"""Makes a topic with the lines of a file, keyed by their last word; or deletes it.

usage: pipeline-producer.py produce BROKERS TOPIC PARTITIONS FILE
       pipeline-producer.py delete BROKERS TOPIC
"""

import sys

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic


def produce(brokers, topic, partitions, path):
    admin = AdminClient({"bootstrap.servers": brokers})
    for future in admin.create_topics([NewTopic(topic, int(partitions), 1)]).values():
        future.result()
    producer = Producer({
        "bootstrap.servers": brokers,
        "linger.ms": 50,
        "batch.size": 1 << 18,
        "queue.buffering.max.messages": 200_000,
    })
    failures = []

    def delivered(error, _):
        if error:
            failures.append(error)

    with open(path, "rb") as lines:
        for line in lines:
            line = line[:-1]
            while True:
                try:
                    producer.produce(topic, line, line[line.rindex(b" ") + 1:], on_delivery=delivered)
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
    producer.flush()
    if failures:
        raise SystemExit(f"{len(failures)} records were not delivered: {failures[0]}")


def delete(brokers, topic):
    admin = AdminClient({"bootstrap.servers": brokers})
    for future in admin.delete_topics([topic]).values():
        future.result()


{"produce": produce, "delete": delete}[sys.argv[1]](*sys.argv[2:])
