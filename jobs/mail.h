/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A mail as it goes over the wire (RFC 5322, MIME): ASCII only, lines of at most 76 characters. */
#ifndef MAIL_H
#define MAIL_H

#include "base/text.h"
#include "jobs/outbox.h"

/* name@host in ASCII, with nothing that could end a header or a command. */
bool mail_address_valid(const char *address);

/* The whole mail, the same bytes at every call. Results: INVALID outbox.to, outbox.from,
 * outbox.id. */
MUST_USE enum result mail_build(struct ctx *cx, const struct mail_server *server,
                                const struct outgoing *message, struct span *out);

#endif
