#define _GNU_SOURCE
#include "clinux.h"

#include <sched.h>

int clinux_enter_network(int namespace_descriptor) { return setns(namespace_descriptor, CLONE_NEWNET); }
