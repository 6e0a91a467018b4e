/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a fallible function returns, and the one way to pass a failure on.
 *
 * The result says which kind of thing happened; the details (code, words, fields) are in the one
 * `struct fault` of the running work (base/ctx.h). web/reply.c maps results to HTTP in one table.
 */
#ifndef BASE_RESULT_H
#define BASE_RESULT_H

enum result {
    OK = 0,
    NOT_FOUND, /* no such thing, or not one this account may know of */
    INVALID,   /* the input is wrong; fault.fields says where */
    CONFLICT,  /* right in itself, but not in the state the thing is in (or a stale version) */
    UNAUTHENTICATED, /* nobody is signed in */
    FORBIDDEN,       /* somebody is, without the right */
    TOO_LARGE,
    TOO_MANY, /* asked too often; try later */
    BUSY,     /* could not be done now; trying again may help */
    BROKEN,   /* our own failure; details go to the log only */
    RESULT_COUNT
};

#define MUST_USE __attribute__((warn_unused_result))

#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum result try_ = (call);                                                                 \
        if (try_ != OK)                                                                            \
            return try_;                                                                           \
    } while (0)

#endif
