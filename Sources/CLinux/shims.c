#define _GNU_SOURCE
#include "clinux.h"

#include <sched.h>
#include <sys/socket.h>

int clinux_enter_network(int namespace_descriptor) { return setns(namespace_descriptor, CLONE_NEWNET); }

int clinux_peer_process(int socket_descriptor) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(socket_descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : -1;
}
