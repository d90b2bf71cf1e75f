/*
 * The physical limit: the least a WebSocket broadcast server on epoll can do.
 *
 *   limit S PORT   one send() per delivery, message by message (a socket that was full gets what it missed at once)
 *   limit K PORT   all pending messages of a socket in one send()
 *
 * Encoded messages lie one after another in a ring that is mapped twice, so that what a socket still has to get is always one
 * contiguous piece; a socket is its place in that ring. There is no allocation per message and no queue per socket.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RING = 64 << 20, INBOX = 64 << 10, EVENTS = 1024, MOST_CLIENTS = 65536 };

struct client {
    int fd;
    int upgraded;
    int blocked;         /* waits for EPOLLOUT */
    int subscriber;      /* place in subscribers, or -1 */
    uint64_t cursor;     /* place in the ring; behind the head while something is pending */
    size_t inbox_length;
    char *inbox;         /* the beginning of what has not arrived whole */
};

static char *ring;
static uint64_t head;
static uint64_t offset;
static struct client *clients[MOST_CLIENTS];
static struct client *subscribers[MOST_CLIENTS];
static int subscriber_count;
static int poller;
static int coalesce;
static char input[INBOX];

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* ---- handshake ---- */

static uint32_t rotate(uint32_t value, int bits) { return value << bits | value >> (32 - bits); }

/* SHA-1 (FIPS 180-4) of up to 119 bytes. */
static void sha1(const unsigned char *text, size_t length, unsigned char digest[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    unsigned char padded[128] = {0};
    size_t blocks = length < 56 ? 1 : 2;
    memcpy(padded, text, length);
    padded[length] = 0x80;
    padded[blocks * 64 - 2] = (unsigned char)(length * 8 >> 8);
    padded[blocks * 64 - 1] = (unsigned char)(length * 8);
    for (size_t block = 0; block < blocks; block++) {
        uint32_t w[80];
        for (int i = 0; i < 16; i++) {
            const unsigned char *p = padded + block * 64 + i * 4;
            w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            uint32_t f, k;
            if (i < 20) f = (b & c) | (~b & d), k = 0x5A827999;
            else if (i < 40) f = b ^ c ^ d, k = 0x6ED9EBA1;
            else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
            else f = b ^ c ^ d, k = 0xCA62C1D6;
            uint32_t next = rotate(a, 5) + f + e + k + w[i];
            e = d, d = c, c = rotate(b, 30), b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++) digest[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64_of_20(const unsigned char *in, char *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 21; i += 3) {
        uint32_t group = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | (i + 2 < 20 ? in[i + 2] : 0);
        for (int j = 0; j < 4; j++) *out++ = digits[group >> (18 - 6 * j) & 63];
    }
    out[-1] = '=';
    *out = 0;
}

/* Replies are short and go to sockets with nothing pending: the kernel takes them whole. */
static void reply(struct client *client, const char *bytes, size_t length) {
    if (send(client->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) fprintf(stderr, "a reply did not fit\n");
}

static void reply_text(struct client *client, const char *text) {
    char frame[130];
    size_t length = strlen(text);
    frame[0] = (char)0x81;
    frame[1] = (char)length;
    memcpy(frame + 2, text, length);
    reply(client, frame, length + 2);
}

/* Returns the length of the request, 0 if it is not whole, -1 if it is no handshake. */
static ssize_t upgrade(struct client *client, char *bytes, size_t length) {
    char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    *end = 0;
    char *key = strcasestr(bytes, "\r\nSec-WebSocket-Key:");
    if (!key) return -1;
    key += 20;
    key += strspn(key, " ");
    char joined[119], answer[200], accept[32];
    unsigned char digest[21] = {0};
    int joined_length = snprintf(joined, sizeof joined, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    sha1((unsigned char *)joined, (size_t)joined_length, digest);
    base64_of_20(digest, accept);
    int answer_length = snprintf(answer, sizeof answer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    reply(client, answer, (size_t)answer_length);
    reply_text(client, "{\"type\":\"ack\",\"timestamp\":0}");
    client->upgraded = 1;
    return end + 4 - bytes;
}

/* ---- fan-out ---- */

static void drop(struct client *client) {
    if (client->subscriber >= 0) {
        subscribers[client->subscriber] = subscribers[--subscriber_count];
        subscribers[client->subscriber]->subscriber = client->subscriber;
    }
    clients[client->fd] = NULL;
    close(client->fd);
    free(client->inbox);
    free(client);
}

static void watch(struct client *client, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = client->fd};
    if (epoll_ctl(poller, operation, client->fd, &event)) die("epoll_ctl");
}

static size_t frame_at(uint64_t place) {
    const unsigned char *p = (unsigned char *)ring + place % RING;
    return p[1] < 126 ? 2u + p[1] : 4u + ((size_t)p[2] << 8 | p[3]);
}

/* Sends from the client's cursor up to `end`; returns 0 if the client had to be dropped. */
static int advance(struct client *client, uint64_t end) {
    if (head - client->cursor > RING) {
        fprintf(stderr, "a reader is more than the ring behind\n");
        drop(client);
        return 0;
    }
    ssize_t sent = send(client->fd, ring + client->cursor % RING, end - client->cursor, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) {
        drop(client);
        return 0;
    }
    if (sent > 0) client->cursor += (uint64_t)sent;
    int blocked = client->cursor < end;
    if (blocked != client->blocked) {
        client->blocked = blocked;
        watch(client, EPOLL_CTL_MOD, blocked ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
    return 1;
}

static void walk(uint64_t end) {
    for (int i = subscriber_count - 1; i >= 0; i--) {
        struct client *client = subscribers[i];
        if (!client->blocked && client->cursor < end) advance(client, end);
    }
}

static uint64_t walked;

/* One pass over the sockets with all that is pending, or a pass for each message. */
static void fan_out(void) {
    while (walked < head) {
        walked = coalesce ? head : walked + frame_at(walked);
        walk(walked);
    }
}

/* ---- commands ---- */

/* The value of a string field without escapes; its length in *length. */
static const char *field(const char *json, size_t size, const char *name, size_t *length) {
    char *found = memmem(json, size, name, strlen(name));
    if (!found) return NULL;
    found += strlen(name);
    char *quote = memchr(found, '"', size - (size_t)(found - json));
    if (!quote) return NULL;
    *length = (size_t)(quote - found);
    return found;
}

static size_t put(char *to, size_t at, const char *bytes, size_t length) {
    memcpy(to + at, bytes, length);
    return at + length;
}

static void broadcast(struct client *client, const char *json, size_t size) {
    size_t channel_length, data_length, id_length;
    const char *channel = field(json, size, "\"channel\":\"", &channel_length);
    const char *data = field(json, size, "\"data\":\"", &data_length);
    const char *id = field(json, size, "\"messageId\":\"", &id_length);
    if (!channel || !data || !id || id_length > 64) return;
    char *frame = ring + head % RING, tail[128], ack[128];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int tail_length = snprintf(tail, sizeof tail, "\",\"offset\":%llu,\"timestamp\":%lld}", (unsigned long long)++offset,
            (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    size_t at = 4;
#define TEXT(s) at = put(frame, at, s, sizeof s - 1)
    TEXT("{\"type\":\"message\",\"channel\":\"");
    at = put(frame, at, channel, channel_length);
    TEXT("\",\"data\":\"");
    at = put(frame, at, data, data_length);
    TEXT("\",\"messageId\":\"");
    at = put(frame, at, id, id_length);
    at = put(frame, at, tail, (size_t)tail_length);
    size_t payload = at - 4;
    frame[0] = (char)0x81, frame[1] = 126, frame[2] = (char)(payload >> 8), frame[3] = (char)payload;
    if (payload < 126) memmove(frame + 2, frame + 4, payload), frame[1] = (char)payload, at -= 2;
    head += at;
    snprintf(ack, sizeof ack, "{\"type\":\"ack\",\"messageId\":\"%.*s\"}", (int)id_length, id);
    reply_text(client, ack);
}

static void command(struct client *client, const char *json, size_t size) {
    if (memmem(json, size, "\"subscribe\"", 11)) {
        if (client->subscriber < 0) {
            client->subscriber = subscriber_count;
            client->cursor = head;
            subscribers[subscriber_count++] = client;
        }
        reply_text(client, "{\"type\":\"ack\",\"messageId\":\"s1\"}");
    } else if (memmem(json, size, "\"broadcast\"", 11)) {
        broadcast(client, json, size);
    }
}

/* Returns the length of the frame at `p`, or 0 if it is not whole. */
static size_t take_frame(struct client *client, unsigned char *p, size_t available) {
    if (available < 6) return 0;
    size_t length = p[1] & 127, start = 6;
    if (length == 126) {
        if (available < 8) return 0;
        length = (size_t)p[2] << 8 | p[3], start = 8;
    }
    if (available < start + length) return 0;
    for (size_t i = 0; i < length; i++) p[start + i] ^= p[start - 4 + (i & 3)];
    if ((p[0] & 15) == 1) command(client, (char *)p + start, length);
    return start + length;
}

static void readable(struct client *client) {
    size_t kept = client->inbox_length;
    if (kept) memcpy(input, client->inbox, kept);
    ssize_t count = recv(client->fd, input + kept, sizeof input - kept, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        drop(client);
        return;
    }
    size_t end = kept + (size_t)count, at = 0;
    if (!client->upgraded) {
        ssize_t taken = upgrade(client, input, end);
        if (taken < 0) {
            drop(client);
            return;
        }
        at = (size_t)taken;
    }
    for (size_t taken = 1; client->upgraded && taken; at += taken) {
        taken = take_frame(client, (unsigned char *)input + at, end - at);
    }
    client->inbox_length = end - at;
    if (client->inbox_length) {
        client->inbox = realloc(client->inbox, client->inbox_length);
        memcpy(client->inbox, input + at, client->inbox_length);
    }
}

static void accept_all(int listener) {
    int fd, yes = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct client *client = calloc(1, sizeof *client);
        if (!client || fd >= MOST_CLIENTS) die("a client too many");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        client->fd = fd;
        client->subscriber = -1;
        clients[fd] = client;
        watch(client, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static void map_ring(void) {
    int memory = memfd_create("ring", 0);
    ring = mmap(NULL, 2 * (size_t)RING, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory < 0 || ring == MAP_FAILED || ftruncate(memory, RING)) die("ring");
    for (int half = 0; half < 2; half++) {
        if (mmap(ring + half * (size_t)RING, RING, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, memory, 0) == MAP_FAILED) die("mmap");
    }
}

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) die("listen");
    return listener;
}

int main(int count, char **args) {
    if (count != 3 || (*args[1] != 'S' && *args[1] != 'K')) return fprintf(stderr, "usage: limit S|K PORT\n"), 2;
    coalesce = *args[1] == 'K';
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    map_ring();
    int listener = listen_on(atoi(args[2]));
    poller = epoll_create1(0);
    struct epoll_event events[EVENTS], listening = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &listening);
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) {
                accept_all(listener);
                continue;
            }
            struct client *client = clients[events[i].data.fd];
            if (client && events[i].events & EPOLLOUT && !advance(client, walked)) continue;
            if (client && events[i].events & ~(uint32_t)EPOLLOUT) readable(client);
        }
        fan_out();
    }
}
