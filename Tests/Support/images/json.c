// A small, strict JSON reader.
#include "stand-in.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

typedef struct {
    const char *at;
    int depth;
} Reader;

static Json *value(Reader *reader);

static void *allocate(size_t size) {
    void *memory = calloc(1, size);
    if (!memory) refuse(1, "out of memory");
    return memory;
}

static void skip_space(Reader *reader) {
    reader->at += strspn(reader->at, " \t\r\n");
}

static bool take(Reader *reader, char expected) {
    skip_space(reader);
    if (*reader->at != expected) return false;
    reader->at++;
    return true;
}

static bool hex4(const char *at, unsigned *code) {
    *code = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef", *found = at[i] ? strchr(digits, at[i] | 0x20) : NULL;
        if (!found) return false;
        *code = *code << 4 | (unsigned)(found - digits);
    }
    return true;
}

static char *utf8(char *out, unsigned code) {
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xc0 | code >> 6);
        *out++ = (char)(0x80 | (code & 0x3f));
    } else {
        *out++ = (char)(0xe0 | code >> 12);
        *out++ = (char)(0x80 | (code >> 6 & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    }
    return out;
}

static char *string(Reader *reader) {
    if (!take(reader, '"')) return NULL;
    char *text = allocate(strlen(reader->at) + 1), *out = text;
    for (;;) {
        char c = *reader->at++;
        if (c == '"') return text;
        if ((unsigned char)c < 0x20) return NULL;
        if (c != '\\') {
            *out++ = c;
            continue;
        }
        c = *reader->at++;
        const char *from = "\"\\/bfnrt", *to = "\"\\/\b\f\n\r\t", *found = c ? strchr(from, c) : NULL;
        unsigned code;
        if (found) {
            *out++ = to[found - from];
        } else if (c == 'u' && hex4(reader->at, &code) && code != 0) {
            out = utf8(out, code);
            reader->at += 4;
        } else {
            return NULL;
        }
    }
}

static const char *digits(const char *at) {
    return at + strspn(at, "0123456789");
}

static Json *number(Reader *reader) {
    const char *start = reader->at, *at = start;
    bool real = false;
    if (*at == '-') at++;
    if (digits(at) == at || (*at == '0' && digits(at) != at + 1)) return NULL;
    at = digits(at);
    if (*at == '.') {
        real = true;
        if (digits(at + 1) == at + 1) return NULL;
        at = digits(at + 1);
    }
    if (*at == 'e' || *at == 'E') {
        real = true;
        at++;
        if (*at == '+' || *at == '-') at++;
        if (digits(at) == at) return NULL;
        at = digits(at);
    }
    Json *json = allocate(sizeof *json);
    json->type = real ? JSON_REAL : JSON_INT;
    json->text = strndup(start, (size_t)(at - start));
    reader->at = at;
    return json;
}

static Json *container(Reader *reader, bool object) {
    Json *json = allocate(sizeof *json), **end = &json->first;
    json->type = object ? JSON_OBJECT : JSON_ARRAY;
    char closing = object ? '}' : ']';
    reader->at++;
    if (take(reader, closing)) return json;
    do {
        char *key = NULL;
        if (object) {
            key = string(reader);
            if (!key || json_get(json, key) || !take(reader, ':')) return NULL;
        }
        *end = value(reader);
        if (!*end) return NULL;
        (*end)->key = key;
        end = &(*end)->next;
    } while (take(reader, ','));
    return take(reader, closing) ? json : NULL;
}

static Json *word(Reader *reader, const char *text, int type) {
    if (strncmp(reader->at, text, strlen(text)) != 0) return NULL;
    reader->at += strlen(text);
    Json *json = allocate(sizeof *json);
    json->type = type;
    json->truth = *text == 't';
    return json;
}

static Json *value(Reader *reader) {
    if (reader->depth == MAX_DEPTH) return NULL;
    skip_space(reader);
    Json *json;
    switch (*reader->at) {
    case '{':
    case '[':
        reader->depth++;
        json = container(reader, *reader->at == '{');
        reader->depth--;
        return json;
    case '"':
        json = allocate(sizeof *json);
        json->type = JSON_STRING;
        json->text = string(reader);
        return json->text ? json : NULL;
    case 't': return word(reader, "true", JSON_BOOL);
    case 'f': return word(reader, "false", JSON_BOOL);
    case 'n': return word(reader, "null", JSON_NULL);
    default: return number(reader);
    }
}

Json *json_parse(const char *text) {
    Reader reader = {.at = text};
    Json *json = value(&reader);
    skip_space(&reader);
    return *reader.at ? NULL : json;
}

const Json *json_get(const Json *object, const char *key) {
    if (!object || object->type != JSON_OBJECT) return NULL;
    for (const Json *member = object->first; member; member = member->next)
        if (strcmp(member->key, key) == 0) return member;
    return NULL;
}
