/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names in cells and the records behind them. A name that nobody has yet stands for a record to be
 * made with the first row that is imported with it; each name is looked up once for a file. */
#ifndef IMPORTS_NAMES_H
#define IMPORTS_NAMES_H

#include "app/imports/lookup.h"
#include "app/imports/spec.h"

/* What became of a name. */
struct name {
    const char *text;
    int64_t id;                        /* 0: not (yet) there */
    const char *refusal, *refusal_arg; /* code: why there can be none of that name; NULL: it can */
    bool wanted;                       /* a row asks for it to be made */
    struct name *next_wanted;
};

#define LINKS_MAX 8
struct made { /* records of a link that are (to be) made */
    const struct import_link *link;
    int64_t count;
    struct name *first, *last; /* by next_wanted */
};
struct names {
    struct arena *arena;
    struct importer importer;
    struct made made[LINKS_MAX];
    struct lookup *lookups[LINKS_MAX];
    int link_count;
};

void names_start(struct names *names, struct arena *arena, struct importer importer);
MUST_USE enum result name_find(struct ctx *cx, struct names *names, const struct import_link *link,
                               const char *text, struct name **out);
/* A row that will be imported asks for it. */
void name_want(struct names *names, const struct import_link *link, struct name *name);
/* Make its record. Results: as record_add. */
MUST_USE enum result name_make(struct ctx *cx, struct names *names, const struct import_link *link,
                               struct name *name);

#endif
