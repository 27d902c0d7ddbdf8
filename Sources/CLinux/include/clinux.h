/* Calls of Linux that Swift's Glibc module does not have, because they need _GNU_SOURCE or are macros. */
#ifndef CLINUX_H
#define CLINUX_H

/* Moves the calling thread into a network namespace; 0, or -1 and errno. */
int clinux_enter_network(int namespace_descriptor);

/* Sends one byte over a unix socket, with a descriptor unless that is negative; 0, or -1 and errno. */
int clinux_send_descriptor(int socket, int descriptor);

/* Receives such a byte. Returns 1 and sets *descriptor, to -1 if none came with it; 0 at the end; or -1 and errno. */
int clinux_receive_descriptor(int socket, int *descriptor);

/* Accepts a connection that neither blocks nor is inherited by another program; -1 and errno if there is none. */
int clinux_accept(int listener);

#endif
