/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bundles of evidence: a ZIP of documents, records and signatures that anybody can check without
 * this program. Its last parts are SHA256SUMS, for `sha256sum -c` in the unpacked folder, and
 * SHA256SUMS.sig, our Ed25519 signature over it. The same parts and time give the same bytes. */
#ifndef PAPER_BUNDLE_H
#define PAPER_BUNDLE_H

#include "base/ctx.h"
#include "base/text.h"

#include <stdio.h>

#define BUNDLE_NAME_MAX 240 /* bytes of a part's name with its folders */

struct bundle;

/* `file` is empty and can be sought in; `at` is the time of every part (Beijing time, as ZIP knows
 * no zones). BROKEN bundle.write. */
MUST_USE enum result bundle_begin(struct ctx *cx, FILE *file, struct instant at,
                                  struct bundle **out);
/* Both: INVALID bundle.name ({0}: the name), CONFLICT bundle.twice, BROKEN bundle.write. A name is
 * a relative path with / between folders that every system can unpack (see bundle_safe). */
/* The bytes stay the caller's until bundle_end. */
MUST_USE enum result bundle_bytes(struct bundle *bundle, const char *name, struct span bytes);
/* A file by its path, read now for its hash and again at bundle_end, which packs it in small
 * pieces; so it must not change. NOT_FOUND bundle.file. */
MUST_USE enum result bundle_file(struct bundle *bundle, const char *name, const char *path);
/* Writes the archive. Must be called once bundle_begin was OK, even after a failure (whose result
 * it then returns): it releases the bundle. BROKEN bundle.write. */
MUST_USE enum result bundle_end(struct bundle *bundle);

/* The text as name of one file or folder: what some system cannot have in a name becomes _ */
const char *bundle_safe(struct arena *arena, const char *text);

#endif
