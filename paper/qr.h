/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* QR codes (ISO/IEC 18004, error correction M: a sixth of it may be dirty) of a short text. */
#ifndef PAPER_QR_H
#define PAPER_QR_H

#include "base/ctx.h"

#define QR_TEXT_MAX 1000 /* bytes; denser codes are hard to scan from paper */
#define QR_QUIET 4       /* modules left white on every side */

struct qr {
    int size;                  /* modules on a side, without the quiet zone */
    const unsigned char *dark; /* size * size, row by row: 1 dark, 0 light; in the arena */
};

/* INVALID qr.empty, TOO_LARGE qr.too_long. */
MUST_USE enum result qr_make(struct ctx *cx, const char *text, struct qr *out);

/* An <svg> element with its quiet zone, one unit a module, to be put into a page and sized there;
 * `label` is what a screen reader says. Results of qr_make. */
MUST_USE enum result qr_svg(struct ctx *cx, const char *text, const char *label, const char **out);

/* The dark modules as runs along the rows, for whoever draws them. `*run` starts as {0}. */
struct qr_run {
    int row, column, length;
};
bool qr_next_run(const struct qr *qr, struct qr_run *run);

#endif
