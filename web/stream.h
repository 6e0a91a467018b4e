/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bodies that are not documents: stored files (with ranges) and exports written as they are read.
 */
#ifndef WEB_STREAM_H
#define WEB_STREAM_H

#include "web/request.h"

#include <stdint.h>
#include <stdio.h>

/* A file descriptor (closed by the server), `size` bytes; Range, If-Range and If-None-Match are
 * answered. `etag` without quotes. Inline only for pictures and PDF; all else is an attachment. */
enum result reply_file(struct request *rq, int fd, uint64_t size, const char *media_type,
                       const char *file_name, const char *etag, bool attachment);
/* Bytes in the arena. */
enum result reply_bytes(struct request *rq, const void *bytes, size_t len, const char *media_type,
                        const char *file_name, bool attachment);
/* `write` runs on a slow thread and writes the file as it goes (memory stays flat); the reply is
 * sent when it returned OK. rq->cx is its context, with this thread's read connection. */
enum result reply_written(struct request *rq,
                          enum result (*write)(struct request *rq, FILE *file, void *host),
                          void *host, const char *media_type, const char *file_name);

#endif
