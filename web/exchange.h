/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a request goes from libmicrohttpd through the threads and back.
 *
 * A read is answered at once on a server thread. Everything else is suspended: what is slow runs on
 * a slow thread, what writes on a writer's; then the connection is resumed, and the reply is always
 * made on its server thread. */
#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "web/server_private.h"

#include <microhttpd.h>
#include <pthread.h>

#define ARENAS_KEPT 256

struct gate {
    struct MHD_Daemon *daemon, *programs; /* the second at their place, NULL none */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct arena *arenas[ARENAS_KEPT]; /* not in use */
    size_t arena_count;
    size_t running, suspended;
    bool closing; /* nothing is suspended any more */
};

/* The library's callbacks; `host` is the server. The first is called with the request line, before
 * the library takes it apart. */
void *request_begin(void *host, const char *uri, struct MHD_Connection *connection);
enum MHD_Result on_request(void *host, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *bytes, size_t *len,
                           void **request);
void request_end(void *host, struct MHD_Connection *connection, void **request,
                 enum MHD_RequestTerminationCode code);
/* The slow threads' part of a request. */
void exchange_work_slowly(struct exchange *x);

#endif
