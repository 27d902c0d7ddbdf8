// What the parts of the stand-in program share.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

// Writes one line to the container's log, marked as coming from a stand-in.
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Says why, then ends the program.
noreturn void refuse(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

// The whole file, NUL-terminated, or NULL.
char *read_file(const char *path);
// A listening TCP socket, or -1. A NULL address means every address of the container.
int listen_on(const char *address, int port);
// A TCP port, or -1 if the text is none.
int parse_port(const char *text);

typedef struct Json Json;
struct Json {
    enum { JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_STRING, JSON_ARRAY, JSON_OBJECT } type;
    bool truth;
    char *text;   // of a string, or of a number as written
    char *key;    // if this is a member of an object
    Json *first;  // of an array or object
    Json *next;
};

// Parses one complete document, strictly. NULL if it is not one, or if an object has a key twice.
// Trees are never freed: a table is a few kilobytes and a stand-in lives for a test.
Json *json_parse(const char *text);
// A member of an object; NULL if there is none or the value is no object.
const Json *json_get(const Json *object, const char *key);

noreturn void run_rollsite(const char *table_path, int port, const char *party);
