"""Tables, topics, queues and buckets of moto's, on the loopback."""
import json, subprocess, sys

from .emulator import await_port, free_port

KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


class Moto:
    """A server of moto's, and clients of it."""

    def __init__(self):
        """Raises ImportError where PyPI's moto or boto3 is not installed."""
        import boto3
        import moto  # noqa: F401

        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        await_port(port)
        self.tables, self.buckets, self.queues, self.topics = (
            boto3.client(name, endpoint_url=self.address, **KEYS) for name in ("dynamodb", "s3", "sqs", "sns")
        )

    def stop(self):
        self.process.kill()
        self.process.wait()


class Account:
    """A table, a topic that a queue listens to, a queue, a queue for dead letters, and a bucket, all of one name."""

    def __init__(self, moto, name):
        self.moto, self.name = moto, name
        moto.tables.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        )
        moto.buckets.create_bucket(Bucket=name)
        self.topic = moto.topics.create_topic(Name=name)["TopicArn"]
        self.alerts, self.queue, self.dead = (
            moto.queues.create_queue(QueueName=f"{name}-{use}")["QueueUrl"] for use in ("alerts", "sent", "dead")
        )
        listener = moto.queues.get_queue_attributes(QueueUrl=self.alerts, AttributeNames=["QueueArn"])
        moto.topics.subscribe(
            TopicArn=self.topic, Protocol="sqs", Endpoint=listener["Attributes"]["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )

    def settings(self):
        """Of a function whose anomalies and models are kept here: the table has all scores."""
        return {
            "AWS_ENDPOINT_URL": self.moto.address, "TIMBERLINE_DYNAMODB_TABLE": self.name,
            "TIMBERLINE_DYNAMODB_STORE": "all", "TIMBERLINE_CHECKPOINTS_BUCKET": f"s3://{self.name}/models",
            "TIMBERLINE_DEAD_LETTERS_QUEUE_URL": self.dead, "TIMBERLINE_SNS_TOPIC_ARN": self.topic,
        }

    def items(self):
        pages = self.moto.tables.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def scores(self):
        """By the place of the record: origin and offset."""
        return {
            (item["origin"]["S"], int(item["offset"]["N"])): float(item["rcf_score"]["N"]) for item in self.items()
        }

    def messages(self, queue):
        """Takes all of a queue's."""
        taken = []
        while messages := self.moto.queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            taken += [json.loads(message["Body"]) for message in messages]
            self.moto.queues.delete_message_batch(QueueUrl=queue, Entries=[
                {"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]} for index, message in enumerate(messages)
            ])
        return taken

    def alerted(self):
        """The places of the records that were alerted, as often as they were; takes them."""
        sources = [message["source"] for message in self.messages(self.alerts)]
        return [(source["origin"], source["offset"]) for source in sources]
