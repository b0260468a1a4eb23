// What librdkafka alone takes to consume a topic: every record is fetched, its bytes counted, nothing else.
// usage: raw-consumer BROKERS TOPIC RECORDS      prints records=… bytes=…

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BATCH = 512, WAIT_MILLISECONDS = 100, PATIENCE = 300 };

static void end(const char *what, const char *why) {
    fprintf(stderr, "raw-consumer: %s: %s\n", what, why);
    exit(69);
}

static void set(rd_kafka_conf_t *properties, const char *name, const char *value) {
    char why[256];
    if (rd_kafka_conf_set(properties, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) end(name, why);
}

static rd_kafka_t *subscribed(const char *brokers, const char *topic) {
    rd_kafka_conf_t *properties = rd_kafka_conf_new();
    char group[64], why[256];
    snprintf(group, sizeof group, "raw-%d", (int)getpid());
    set(properties, "bootstrap.servers", brokers);
    set(properties, "group.id", group);
    set(properties, "enable.auto.commit", "false");
    set(properties, "auto.offset.reset", "earliest");
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, properties, why, sizeof why);
    if (!client) end("client", why);
    rd_kafka_poll_set_consumer(client);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (code) end("subscribe", rd_kafka_err2str(code));
    return client;
}

int main(int count, char **arguments) {
    if (count != 4) end("usage", "raw-consumer BROKERS TOPIC RECORDS");
    long wanted = atol(arguments[3]), records = 0, bytes = 0;
    rd_kafka_t *client = subscribed(arguments[1], arguments[2]);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(client);
    rd_kafka_message_t *messages[BATCH];
    int patience = PATIENCE;
    while (records < wanted) {
        ssize_t got = rd_kafka_consume_batch_queue(queue, WAIT_MILLISECONDS, messages, BATCH);
        if (got < 0 || (got == 0 && --patience == 0)) end("consume", "nothing came");
        for (ssize_t index = 0; index < got; index++) {
            if (messages[index]->err) end("consume", rd_kafka_message_errstr(messages[index]));
            bytes += (long)messages[index]->len;
            rd_kafka_message_destroy(messages[index]);
        }
        records += got;
    }
    printf("records=%ld bytes=%ld\n", records, bytes);
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
    return 0;
}
