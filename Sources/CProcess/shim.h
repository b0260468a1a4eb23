#ifndef TIMBERLINE_CPROCESS_SHIM_H
#define TIMBERLINE_CPROCESS_SHIM_H

#include <sys/prctl.h>

struct pollfd;
struct timespec;

// prctl is variadic, which Swift does not import; the others are GNU extensions, which its Glibc module leaves out.
int pipe2(int ends[2], int flags);
int ppoll(struct pollfd *entries, unsigned long count, const struct timespec *timeout, const void *mask);

// POSIX_SPAWN_SETSID, since glibc 2.26.
static const short timberline_SPAWN_SETSID = 0x80;

// Makes this process the parent of all descendants whose own parent ends.
static inline int timberline_become_subreaper(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

// A pipe whose ends are closed in programs that are started.
static inline int timberline_pipe(int *ends) {
    return pipe2(ends, 02000000 /* O_CLOEXEC */);
}

// Waits, with the signals of a sigset_t blocked, until a descriptor is readable or a signal comes.
static inline int timberline_poll(struct pollfd *entry, const void *mask) {
    return ppoll(entry, 1, 0, mask);
}

#endif
