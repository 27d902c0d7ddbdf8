// One program that plays what FATE's images start: `java`, `python`, `jupyter`, `mysqld`, and the `bash` and `tini` that start
// them. It takes the real command lines, reads the real config files, refuses what the real programs would refuse, listens on
// the same ports, and does none of the work.
#include "stand-in.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

void say(const char *format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fprintf(stderr, "[stand-in, not FATE] %s\n", line);
}

void refuse(int code, const char *format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    say("%s", line);
    exit(code);
}

char *read_file(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) return NULL;
    char *text = NULL;
    size_t length = 0;
    ssize_t count = getdelim(&text, &length, '\0', file);
    bool empty = feof(file) && !ferror(file);
    fclose(file);
    if (count >= 0) return text;
    free(text);
    return empty ? strdup("") : NULL;
}

int parse_port(const char *text) {
    char *end;
    long port = text ? strtol(text, &end, 10) : 0;
    return text && *text && !*end && port > 0 && port < 65536 ? (int)port : -1;
}

int listen_on(const char *address, int port) {
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (address && inet_pton(AF_INET, address, &name.sin_addr) != 1) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&name, sizeof name) == 0 && listen(fd, 64) == 0) return fd;
    close(fd);
    return -1;
}

// What FATE Flow says to a request. A test writes the ids of running jobs into a file, a line each; `hang` is a server that
// takes requests and never answers. NULL: no answer.
static const char *fate_flow_answer(const char *request, const char **status) {
    static char answer[2048];
    char *jobs = read_file("/tmp/running-jobs"), *rest = jobs;
    if (jobs && strncmp(jobs, "hang", 4) == 0) return NULL;
    *status = "200 OK";
    bool v1 = strncmp(request, "POST /v1/job/query ", 19) == 0;
    bool v2 = strncmp(request, "GET /v2/job/query?status=running ", 33) == 0;
    if (v1 && !strstr(request, "{\"status\": \"running\"}")) {
        *status = "400 BAD REQUEST";
        return "{\"retcode\": 100, \"retmsg\": \"stand-in: only running jobs\"}";
    }
    if (!v1 && !v2) {
        if (strncmp(request, "POST /v1/version/get ", 21) == 0) return "{\"retcode\": 0, \"retmsg\": \"success\"}";
        if (strncmp(request, "GET / ", 6) == 0) return "{\"retcode\": 0, \"retmsg\": \"stand-in\"}";
        *status = "404 NOT FOUND";
        return "{\"retcode\": 100, \"retmsg\": \"404 Not Found\"}";
    }
    size_t length = (size_t)snprintf(answer, sizeof answer, v1 ? "{\"retcode\": 0, \"retmsg\": \"success\", \"data\": ["
                                                               : "{\"code\": 0, \"message\": \"success\", \"data\": [");
    int count = 0;
    for (char *line; rest && (line = strsep(&rest, "\n"));) {
        if (!*line || length > sizeof answer - 256) continue;
        length += (size_t)snprintf(answer + length, sizeof answer - length, "%s{\"%s\": \"%.64s\", \"%s\": \"running\"}",
                                   count++ ? ", " : "", v1 ? "f_job_id" : "job_id", line, v1 ? "f_status" : "status");
    }
    free(jobs);
    if (v2 && !count) return "{\"code\": 1001, \"message\": \"job no found\"}";
    snprintf(answer + length, sizeof answer - length, "]}");
    return answer;
}

// Accepts on one or two sockets for ever; answers HTTP on the first if there is something to say: `body`, or to FATE Flow's
// clients what they ask for.
static noreturn void serve(int first, int second, const char *body, bool is_fate_flow) {
    struct pollfd sockets[] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    for (;;) {
        poll(sockets, 2, -1);
        for (int i = 0; i < 2; i++) {
            if (!(sockets[i].revents & POLLIN)) continue;
            int client = accept(sockets[i].fd, NULL, NULL);
            if (client < 0) continue;
            if (body) {
                // A closed connection with unread bytes would reach the client as a reset, before the answer.
                char request[4096], answer[4096];
                const char *status = "200 OK";
                setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 1}, sizeof(struct timeval));
                ssize_t received = recv(client, request, sizeof request - 1, 0);
                if (received > 0) {
                    request[received] = '\0';
                    const char *text = is_fate_flow ? fate_flow_answer(request, &status) : body;
                    if (!text) continue;
                    int length = snprintf(answer, sizeof answer,
                                          "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                                          "Connection: close\r\n\r\n%s",
                                          status, strlen(text), text);
                    send(client, answer, (size_t)length, MSG_NOSIGNAL);
                    shutdown(client, SHUT_WR);
                }
            }
            close(client);
        }
    }
}

static int listen_or_refuse(const char *service, int port) {
    int fd = listen_on(NULL, port);
    if (fd < 0) refuse(1, "%s cannot listen on port %d: %s", service, port, strerror(errno));
    say("%s listens on port %d", service, port);
    return fd;
}

// Runs a program and passes signals on to everything in the container, so that a stop takes no time whatever the shell
// is waiting for. The kernel gives PID 1 no default action for a signal: a plain shell there would ignore SIGTERM.
static noreturn void supervise(char **command) {
    sigset_t signals, before;
    sigfillset(&signals);
    sigprocmask(SIG_BLOCK, &signals, &before);
    pid_t child = fork();
    if (child == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        execvp(command[0], command);
        refuse(errno == ENOENT ? 127 : 126, "exec %s: %s", command[0], strerror(errno));
    }
    for (;;) {
        int received, status;
        sigwait(&signals, &received);
        if (received != SIGCHLD) kill(getpid() == 1 ? -1 : child, received);
        for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;)
            if (ended == child) exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    }
}

static noreturn void shell(char **arguments) {
    size_t count = 0;
    while (arguments[count]) count++;
    char **command = calloc(count + 3, sizeof *command);
    command[0] = "/bin/busybox";
    command[1] = "sh";
    memcpy(command + 2, arguments, count * sizeof *command);
    if (getpid() == 1) supervise(command);
    execv(command[0], command);
    refuse(127, "exec %s: %s", command[0], strerror(errno));
}

static void end_by_signal(int received) {
    _exit(128 + received);
}

static void end_well(int received) {
    (void)received;
    _exit(0);
}

// The value of a key in a properties file, the last one as in Java; NULL if there is none.
static char *property(const char *text, const char *key) {
    char *found = NULL, *copy = strdup(text), *rest = copy;
    for (char *line; (line = strsep(&rest, "\n"));) {
        line += strspn(line, " \t");
        char *equals = strchr(line, '=');
        if (*line == '#' || *line == '!' || !equals) continue;
        *equals = '\0';
        line[strcspn(line, " \t")] = '\0';
        if (strcmp(line, key) != 0) continue;
        char *value = equals + 1 + strspn(equals + 1, " \t");
        value[strcspn(value, "\r")] = '\0';
        free(found);
        found = strdup(value);
    }
    free(copy);
    return found;
}

static char *required(const char *text, const char *path, const char *key) {
    char *value = property(text, key);
    if (!value || !*value) refuse(1, "%s has no value for %s", path, key);
    return value;
}

static char *config(const char *path) {
    if (!path) refuse(1, "no config file was given");
    char *text = read_file(path);
    if (!text) refuse(1, "cannot read %s: %s", path, strerror(errno));
    if (!text[strspn(text, " \t\r\n")]) refuse(1, "%s is empty", path);
    return text;
}

// eggroll.properties is also read by Python's configparser, which wants a section before the first key.
static char *eggroll_config(const char *path) {
    char *text = config(path), *line = text;
    while (*line == '#' || strchr(" \t\r\n", *line)) line = *line == '#' ? line + strcspn(line, "\n") : line + 1;
    if (strncmp(line, "[eggroll]", strlen("[eggroll]")) != 0) refuse(1, "%s does not start with [eggroll]", path);
    return text;
}

static noreturn void rollsite(const char *path) {
    char *text = eggroll_config(path), table[4096];
    int port = parse_port(required(text, path, "eggroll.rollsite.port"));
    if (port < 0) refuse(1, "%s: eggroll.rollsite.port is no port", path);
    const char *party = required(text, path, "eggroll.rollsite.party.id");
    const char *route_table = required(text, path, "eggroll.rollsite.route.table.path"), *home = getenv("EGGROLL_HOME");
    snprintf(table, sizeof table, "%s%s%s", *route_table == '/' ? "" : home ? home : ".", *route_table == '/' ? "" : "/",
             route_table);
    run_rollsite(table, port, party);
}

static noreturn void manager(const char *bootstrap, const char *path, const char *port_text) {
    static const struct {
        const char *class, *service, *key;
    } known[] = {
        {"com.webank.eggroll.core.resourcemanager.ClusterManagerBootstrap", "clustermanager",
         "eggroll.resourcemanager.clustermanager.jdbc.url"},
        {"com.webank.eggroll.core.resourcemanager.NodeManagerBootstrap", "nodemanager",
         "eggroll.resourcemanager.clustermanager.host"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!bootstrap || strcmp(bootstrap, known[i].class) != 0) continue;
        required(eggroll_config(path), path, known[i].key);
        int port = parse_port(port_text);
        if (port < 0) refuse(1, "%s needs a port, as -p PORT", known[i].service);
        serve(listen_or_refuse(known[i].service, port), -1, NULL, false);
    }
    refuse(1, "unknown bootstrap class: %s", bootstrap ? bootstrap : "none");
}

static noreturn void fateboard(const char *jar, const char *path) {
    if (access(jar, R_OK) != 0) refuse(1, "Error: Unable to access jarfile %s", jar);
    if (!strstr(jar, "fateboard.jar")) refuse(1, "unknown jar: %s", jar);
    int port = parse_port(required(config(path), path, "server.port"));
    if (port < 0) refuse(1, "%s: server.port is no port", path);
    serve(listen_or_refuse("fateboard", port), -1, "{\"stand-in\": \"fateboard\"}", false);
}

static noreturn void java(char **arguments) {
    const char *location = NULL, *classpath = "", *setting = "-Dspring.config.location=";
    for (; *arguments && **arguments == '-'; arguments++) {
        if (strcmp(*arguments, "-version") == 0) {
            say("openjdk version \"1.8.0\"");
            exit(0);
        }
        if (strncmp(*arguments, setting, strlen(setting)) == 0) location = *arguments + strlen(setting);
        if (strcmp(*arguments, "-jar") == 0 && arguments[1]) fateboard(arguments[1], location);
        if ((strcmp(*arguments, "-cp") == 0 || strcmp(*arguments, "-classpath") == 0) && arguments[1])
            classpath = *++arguments;
    }
    const char *class = *arguments;
    if (!class) refuse(1, "no main class");
    const char *path = NULL, *bootstrap = NULL, *port = NULL;
    for (char **option = arguments + 1; *option && option[1]; option++) {
        if (strcmp(*option, "-c") == 0) path = *++option;
        else if (strcmp(*option, "-p") == 0) port = *++option;
        else if (strcmp(*option, "--bootstraps") == 0) bootstrap = *++option;
        else if (strcmp(*option, "-s") == 0) option++;
    }
    bool is_rollsite = strcmp(class, "com.webank.eggroll.rollsite.EggSiteBootstrap") == 0;
    bool is_manager = strcmp(class, "com.webank.eggroll.core.Bootstrap") == 0;
    if (!strstr(classpath, "/lib/*") || (!is_rollsite && !is_manager))
        refuse(1, "Error: Could not find or load main class %s", class);
    if (is_rollsite) rollsite(path);
    manager(bootstrap, path, port);
}

// The value of a key directly under `fateflow:` in service_conf.yaml, in block or flow style, or NULL.
static char *fateflow_value(const char *text, const char *key) {
    char pattern[256];
    regex_t expression;
    regmatch_t match[2];
    if (regcomp(&expression, "(^|\n)[\"']?fateflow[\"']?:", REG_EXTENDED) || regexec(&expression, text, 1, match, 0)) return NULL;
    const char *start = text + match[0].rm_eo, *end = start;
    while ((end = strchr(end, '\n')) && strchr(" \t\r\n#}", *++end) && *end) continue;
    char *section = end ? strndup(start, (size_t)(end - start)) : strdup(start);
    snprintf(pattern, sizeof pattern, "[\n{,][[:blank:]]*[\"']?%s[\"']?:[[:blank:]]*[\"']?([^]\"',}#[:space:]]+)", key);
    if (regcomp(&expression, pattern, REG_EXTENDED) || regexec(&expression, section, 2, match, 0)) return NULL;
    return strndup(section + match[1].rm_so, (size_t)(match[1].rm_eo - match[1].rm_so));
}

static noreturn void python(char **arguments) {
    if (*arguments && (strcmp(*arguments, "--version") == 0 || strcmp(*arguments, "-V") == 0)) {
        say("Python 3.6.8");
        exit(0);
    }
    const char *script = *arguments, *path = "/data/projects/fate/conf/service_conf.yaml";
    if (!script || *script == '-') refuse(1, "python runs only FATE's scripts");
    const char *slash = strrchr(script, '/');
    if (access(script, R_OK) != 0) refuse(2, "can't open file '%s': %s", script, strerror(errno));
    if (strcmp(slash ? slash + 1 : script, "fate_flow_server.py") != 0) refuse(1, "unknown script: %s", script);
    char *text = config(path), *host = fateflow_value(text, "host");
    int http = parse_port(fateflow_value(text, "http_port")), grpc = parse_port(fateflow_value(text, "grpc_port"));
    if (!host || http < 0 || grpc < 0) refuse(1, "%s: fateflow needs host, http_port and grpc_port", path);
    // The real one binds to this very address, and kills itself if the container does not have it.
    int grpc_socket = listen_on(host, grpc), http_socket = grpc_socket < 0 ? -1 : listen_on(host, http);
    if (http_socket < 0) refuse(137, "fate_flow cannot bind to fateflow.host %s: %s", host, strerror(errno));
    say("fate_flow listens on %s, ports %d and %d", host, grpc, http);
    serve(http_socket, grpc_socket, "{}", true);
}

static noreturn void jupyter(char **arguments) {
    int port = 8888;
    if (!*arguments || strcmp(*arguments, "notebook") != 0) refuse(1, "unknown jupyter command");
    for (; *arguments; arguments++)
        if (strncmp(*arguments, "--port=", 7) == 0) port = parse_port(*arguments + 7);
    if (port < 0) refuse(1, "the notebook's port is no port");
    serve(listen_or_refuse("notebook", port), -1, "{\"stand-in\": \"notebook\"}", false);
}

int main(int count, char **arguments) {
    const char *slash = strrchr(arguments[0], '/'), *name = slash ? slash + 1 : arguments[0];
    arguments += count > 0;
    if (*name == '-') name++;  // a login shell
    if (strcmp(name, "bash") == 0 || strcmp(name, "sh") == 0) shell(arguments);
    if (strcmp(name, "tini") == 0) {
        while (*arguments && **arguments == '-') arguments++;
        if (!*arguments) refuse(1, "tini has nothing to run");
        supervise(arguments);
    }
    bool database = strcmp(name, "mysqld") == 0;
    signal(SIGTERM, database ? end_well : end_by_signal);
    signal(SIGINT, end_by_signal);
    signal(SIGHUP, end_by_signal);
    signal(SIGQUIT, end_by_signal);
    if (strcmp(name, "java") == 0) java(arguments);
    if (strncmp(name, "python", strlen("python")) == 0) python(arguments);
    if (strcmp(name, "jupyter") == 0) jupyter(arguments);
    if (database) serve(listen_or_refuse("mysqld", 3306), -1, NULL, false);
    refuse(127, "%s: not found", name);
}
