// A load for HTTP servers: clients that send the same POST again and again, each on a connection of its own, the next
// once the answer is there. One thread; it ends by itself.
//
// usage: endpoint-load PORT PATH CONNECTIONS SECONDS BODY

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_LIMIT = 4096, CONNECTION_LIMIT = 256 };

struct client {
    int descriptor;
    size_t received;
    char answer[ANSWER_LIMIT + 1];
};

static struct client clients[CONNECTION_LIMIT];
static char request[ANSWER_LIMIT];
static size_t request_length;

static void fail(const char *what) {
    fprintf(stderr, "endpoint-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

// A request is small enough to go out whole.
static void send_request(struct client *client) {
    client->received = 0;
    if (send(client->descriptor, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) fail("send");
}

static void connect_client(struct client *client, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->descriptor < 0) fail("socket");
    int yes = 1;
    setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(client->descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
}

// Takes what has come. True once the answer is whole: head, and as many bytes as it announces.
static bool receive(struct client *client) {
    ssize_t count = recv(client->descriptor, client->answer + client->received, ANSWER_LIMIT - client->received, 0);
    if (count <= 0) fail("the server ended a connection, or its answer is too long");
    client->received += count;
    client->answer[client->received] = 0;
    char *body = strstr(client->answer, "\r\n\r\n");
    if (!body) return false;
    char *length = strcasestr(client->answer, "\r\nContent-Length:");
    if (!length || length > body) {
        errno = EPROTO;
        fail("an answer without its length");
    }
    return client->received >= (size_t)(body + 4 - client->answer) + strtoul(length + 17, NULL, 10);
}

int main(int count, char **arguments) {
    if (count != 6) {
        fprintf(stderr, "usage: endpoint-load PORT PATH CONNECTIONS SECONDS BODY\n");
        return 64;
    }
    int connections = atoi(arguments[3]);
    if (connections < 1 || connections > CONNECTION_LIMIT) {
        fprintf(stderr, "endpoint-load: 1 to %d connections\n", CONNECTION_LIMIT);
        return 64;
    }
    int length = snprintf(request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        arguments[2], strlen(arguments[5]), arguments[5]);
    if (length < 0 || (size_t)length >= sizeof request) {
        fprintf(stderr, "endpoint-load: the body is too long\n");
        return 64;
    }
    request_length = length;

    int events = epoll_create1(EPOLL_CLOEXEC);
    if (events < 0) fail("epoll");
    for (int index = 0; index < connections; index++) {
        connect_client(&clients[index], atoi(arguments[1]));
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[index]};
        if (epoll_ctl(events, EPOLL_CTL_ADD, clients[index].descriptor, &event) != 0) fail("epoll");
        send_request(&clients[index]);
    }
    long answers = 0, errors = 0;
    double start = now(), end = start + atof(arguments[4]);
    while (now() < end) {
        struct epoll_event ready[CONNECTION_LIMIT];
        int found = epoll_wait(events, ready, connections, 1000);
        for (int index = 0; index < found; index++) {
            struct client *client = ready[index].data.ptr;
            if (!receive(client)) continue;
            answers++;
            if (strncmp(client->answer, "HTTP/1.1 200", 12) != 0) errors++;
            send_request(client);
        }
    }
    printf("answers=%ld errors=%ld seconds=%.3f\n", answers, errors, now() - start);
    return errors > 0;
}
