#define _GNU_SOURCE
#include "clinux.h"

#include <sched.h>
#include <stddef.h>
#include <sys/socket.h>

int clinux_enter_network(int namespace_descriptor) { return setns(namespace_descriptor, CLONE_NEWNET); }

int clinux_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }
