#ifndef TIMBERLINE_CMICROHTTPD_SHIM_H
#define TIMBERLINE_CMICROHTTPD_SHIM_H

#include <microhttpd.h>

// MHD_start_daemon and MHD_get_connection_info are variadic, which Swift does not import.

struct timberline_MHD_callbacks {
    MHD_AccessHandlerCallback access;
    void *(*began)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connected;
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
};

static inline struct MHD_Daemon *timberline_MHD_start_daemon(
    unsigned int flags,
    int listening_socket,
    unsigned int threads,
    unsigned int connection_limit,
    size_t connection_memory,
    struct timberline_MHD_callbacks callbacks,
    void *context
) {
    return MHD_start_daemon(
        flags, 0, NULL, NULL, callbacks.access, context,
        MHD_OPTION_LISTEN_SOCKET, listening_socket,
        MHD_OPTION_CONNECTION_LIMIT, connection_limit,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks.began, context,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.connected, context,
        MHD_OPTION_UNESCAPE_CALLBACK, callbacks.unescape, context,
        // A pool of one is refused.
        threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, threads,
        MHD_OPTION_END
    );
}

// The socket of a connection, -1 where it has none.
static inline int timberline_MHD_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

#endif
