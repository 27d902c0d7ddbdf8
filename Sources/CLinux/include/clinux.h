/* Calls of Linux that Swift's Glibc module does not have, because they need _GNU_SOURCE. */
#ifndef CLINUX_H
#define CLINUX_H

/* Moves the calling thread into a network namespace; 0, or -1 and errno. */
int clinux_enter_network(int namespace_descriptor);

/* Accepts a connection that neither blocks nor is inherited by another program; -1 and errno if there is none. */
int clinux_accept(int listener);

#endif
