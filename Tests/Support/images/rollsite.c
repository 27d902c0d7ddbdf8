// Routes as the real rollsite does: it loads a table, rereads the file at a fixed rate, and stops rereading for good, without
// a word, at the first file that it cannot read. It answers which address it would use, so that a test sees what is loaded:
//
//   route PARTY [ROLE]   IP:PORT [secure] [polling], or: polling, or: error REASON
//   party                its own party id
//   reloads              how often it has loaded the table; 1 after the start
#include "stand-in.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CLIENTS = 64, MAX_LINE = 256 };

static const Json *table;
static bool default_allowed = true;
static unsigned long reloads;

static bool load(const char *path) {
    char *text = read_file(path);
    if (!text) return false;
    const Json *document = json_parse(text);
    free(text);
    const Json *routes = json_get(document, "route_table");
    if (!routes || routes->type != JSON_OBJECT) return false;
    table = routes;
    // A missing or wrong permission allows.
    const Json *allowed = json_get(json_get(document, "permission"), "default_allow");
    default_allowed = !allowed || allowed->type != JSON_BOOL || allowed->truth;
    reloads++;
    return true;
}

// The value of an optional flag: 0, 1, or -1 if it is no boolean.
static int flag(const Json *hop, const char *key) {
    const Json *json = json_get(hop, key);
    return !json ? 0 : json->type == JSON_BOOL ? json->truth : -1;
}

static void route(const char *party, const char *role, char *answer, size_t size) {
    const Json *entry = json_get(table, party);
    if (!entry) {
        entry = json_get(table, "default");
        if (!entry || !default_allowed) {
            snprintf(answer, size, "error The routing table not have current party=%s and %s", party,
                     entry ? "disable default party." : "default party.");
            return;
        }
    }
    const Json *hops = json_get(entry, role);
    if (!hops) {
        hops = json_get(entry, "default");
        if (!hops || !default_allowed) {
            snprintf(answer, size, "error The routing table not have current role=%s%s", role,
                     hops ? " and disable default role." : "");
            return;
        }
    }
    if (hops->type != JSON_ARRAY || (hops->first && hops->first->type != JSON_OBJECT)) {
        snprintf(answer, size, "error ClassCastException: %s of party %s is no list of objects", role, party);
        return;
    }
    const Json *hop = hops->first, *ip = json_get(hop, "ip"), *port = json_get(hop, "port");
    int secure = flag(hop, "is_secure"), polling = flag(hop, "is_polling");
    if (!hop) {
        snprintf(answer, size, "error JSONException: JSONArray[0] not found.");
    } else if (secure < 0 || polling < 0) {
        snprintf(answer, size, "error ClassCastException: %s is not a boolean", secure < 0 ? "is_secure" : "is_polling");
    } else if (polling && !ip && !port) {
        // Nobody dials a party that fetches its messages.
        snprintf(answer, size, "polling");
    } else if (!ip || !port) {
        snprintf(answer, size, "error JSONException: JSONObject[\"%s\"] not found.", ip ? "port" : "ip");
    } else if (ip->type != JSON_STRING) {
        snprintf(answer, size, "error ClassCastException: ip is not a string");
    } else if (port->type != JSON_INT || strtoll(port->text, NULL, 10) != (int)strtoll(port->text, NULL, 10)) {
        snprintf(answer, size, "error ClassCastException: port is not an integer");
    } else {
        snprintf(answer, size, "%s:%s%s%s", ip->text, port->text, secure ? " secure" : "", polling ? " polling" : "");
    }
}

static void answer_line(int client, char *line, const char *own_party) {
    char answer[2 * MAX_LINE], *rest, *word = strtok_r(line, " \r", &rest);
    if (word && strcmp(word, "route") == 0) {
        const char *party = strtok_r(NULL, " \r", &rest), *role = strtok_r(NULL, " \r", &rest);
        if (party)
            route(party, role ? role : "default", answer, sizeof answer - 1);
        else
            strcpy(answer, "error which party?");
    } else if (word && strcmp(word, "party") == 0) {
        snprintf(answer, sizeof answer - 1, "%s", own_party);
    } else if (word && strcmp(word, "reloads") == 0) {
        snprintf(answer, sizeof answer - 1, "%lu", reloads);
    } else {
        strcpy(answer, "error unknown question; known: route PARTY [ROLE], party, reloads");
    }
    strcat(answer, "\n");
    send(client, answer, strlen(answer), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static struct pollfd sockets[1 + MAX_CLIENTS];
static struct {
    char text[MAX_LINE];
    size_t length;
} lines[1 + MAX_CLIENTS];

static void accept_client(void) {
    int client = accept(sockets[0].fd, NULL, NULL);
    if (client < 0) return;
    for (int i = 1; i <= MAX_CLIENTS; i++) {
        if (sockets[i].fd >= 0) continue;
        sockets[i].fd = client;
        lines[i].length = 0;
        return;
    }
    close(client);
}

static void read_client(int i, const char *party) {
    ssize_t count = recv(sockets[i].fd, lines[i].text + lines[i].length, MAX_LINE - lines[i].length, 0);
    if (count < 0 && errno == EINTR) return;
    lines[i].length += count > 0 ? (size_t)count : 0;
    char *end;
    while ((end = memchr(lines[i].text, '\n', lines[i].length))) {
        size_t used = (size_t)(end - lines[i].text) + 1;
        *end = '\0';
        answer_line(sockets[i].fd, lines[i].text, party);
        lines[i].length -= used;
        memmove(lines[i].text, end + 1, lines[i].length);
    }
    if (count <= 0 || lines[i].length == MAX_LINE) {
        close(sockets[i].fd);
        sockets[i].fd = -1;
    }
}

void run_rollsite(const char *table_path, int port, const char *party) {
    if (!load(table_path)) refuse(1, "rollsite cannot load its route table %s", table_path);
    const char *setting = getenv("ROLLSITE_RELOAD_SECONDS");
    double seconds = setting ? atof(setting) : 0;
    long long interval = (long long)((seconds > 0 ? seconds : 60) * 1000);

    for (int i = 0; i <= MAX_CLIENTS; i++) sockets[i] = (struct pollfd){.fd = -1, .events = POLLIN};
    sockets[0].fd = listen_on(NULL, port);
    if (sockets[0].fd < 0) refuse(1, "rollsite cannot listen on port %d: %s", port, strerror(errno));
    say("rollsite of party %s listens on port %d and rereads %s every %g s", party, port, table_path, interval / 1000.0);

    bool reloading = true;
    long long next = now_ms() + interval;
    for (;;) {
        long long wait = next - now_ms();
        if (reloading && wait <= 0) {
            reloading = load(table_path);
            next += interval;
            continue;
        }
        int ready = poll(sockets, 1 + MAX_CLIENTS, !reloading ? -1 : wait > INT_MAX ? INT_MAX : (int)wait);
        if (ready <= 0) continue;
        if (sockets[0].revents) accept_client();
        for (int i = 1; i <= MAX_CLIENTS; i++)
            if (sockets[i].fd >= 0 && sockets[i].revents) read_client(i, party);
    }
}
