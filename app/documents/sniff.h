/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a file is, told from its content alone, and what it may be called.
 *
 * Only kinds of the table are taken in. HTML, SVG and other markup, programs, scripts and office
 * files with macros are of no kind, whatever their names say: nothing that a browser or an office
 * program would run is ever handed out again. */
#ifndef SNIFF_H
#define SNIFF_H

#include "base/arena.h"

#include <stdbool.h>

struct file_kind {
    const char *media_type;
    const char *extensions; /* with spaces between; the first one is given to a name without any */
    const char *icon;       /* stands in pages/icons.txt */
    bool is_shown;          /* browsers show or play it in place */
};

/* NULL when it is of no kind that is taken in. The name as sent tells only CSV from other text. */
const struct file_kind *file_kind_sniff(const void *bytes, size_t len, const char *name);
/* The kind of a stored media type; NULL when there is none. */
const struct file_kind *file_kind_of(const char *media_type);

/* The name to keep: base name only, UTF-8 (GB18030 is understood), without control, direction and
 * invisible characters or dots and spaces at its ends, with an extension that fits the kind, at
 * most FILE_NAME_MOST characters, never empty. In the arena. */
#define FILE_NAME_MOST 120
const char *file_name_clean(struct arena *arena, const char *name, const struct file_kind *kind);

#endif
