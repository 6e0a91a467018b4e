/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The bytes of documents, kept by their SHA-256: the same content is stored once.
 *
 * They lie in a folder (DATA/files/ab/cdef…), or in the table blobs where several servers share one
 * database and no disk. An upload is staged first, outside any transaction, and put in its place
 * by the transaction that writes the document's row: the bytes are durable before the row is.
 * Staged files stay listed in DATA/files/new until files_settle has seen what became of them. */
#ifndef FILES_H
#define FILES_H

#include "base/ctx.h"
#include "base/hash.h"

/* The folder for them, made when it is not there; NULL: the table. Once at start. */
void files_use(const char *dir);

struct staged_file {
    const char *sha256;
    const char *path; /* NULL: for the table */
    const void *bytes;
    size_t len;
};

/* All may return BROKEN document.storage (logged). */

/* Hash the bytes, which must stay where they are, and write them to the disk. Slow. */
MUST_USE enum result files_stage(struct ctx *cx, const void *bytes, size_t len,
                                 struct staged_file *out);
/* In a transaction. Keeping again what is there already does nothing. */
MUST_USE enum result files_keep(struct ctx *cx, const struct staged_file *staged);
/* A descriptor that the caller closes. From the table the whole file passes through cx->mem. */
MUST_USE enum result files_open(struct ctx *cx, const char *sha256, int *out_fd,
                                uint64_t *out_size);
/* In a transaction. Dropping what is not there does nothing. */
MUST_USE enum result files_drop(struct ctx *cx, const char *sha256);
/* In a transaction: call `settle` for each file staged before `before`, and forget the staging. */
MUST_USE enum result files_settle(struct ctx *cx, struct instant before,
                                  enum result (*settle)(struct ctx *cx, const char *sha256));

#endif
