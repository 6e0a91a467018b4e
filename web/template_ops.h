/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What template_compile makes and template_render walks: a flat list of operations. Private to the
 * two files. */
#ifndef WEB_TEMPLATE_OPS_H
#define WEB_TEMPLATE_OPS_H

#include "web/template.h"

#include <stdatomic.h>

#define SECTION_DEPTH 16
#define PATH_PARTS 8
#define LABEL_SLOTS 16

enum op_kind {
    OP_STATIC,  /* text, len */
    OP_VALUE,   /* path, filter */
    OP_SECTION, /* path; jump: behind its OP_END */
    OP_UNLESS,  /* path; jump: behind its content */
    OP_IS,      /* path, text = the word; jump: behind its content */
    OP_IS_NOT,
    OP_END,  /* jump: its OP_SECTION */
    OP_STOP, /* the template is over */
};

enum filter { AS_IS, LABEL, DAY, TIME, MONEY, PLAIN, URL };

/* Where the first part of a name is looked for. */
enum path_from {
    FROM_ANY_SECTION, /* name: innermost first */
    FROM_INNERMOST,   /* .name: in the innermost record or document alone */
    FROM_ITSELF,      /* . */
    FROM_FIRST,       /* @first @last @index of the innermost list */
    FROM_LAST,
    FROM_INDEX,
};

struct path {
    enum path_from from;
    unsigned count;
    struct span parts[]; /* `count` of them, at most PATH_PARTS */
};

/* Catalogue prefixes that `label` tries, innermost section first. */
struct prefix {
    const char *name;
    const struct prefix *outer;
};

/* Words found for choices. A slot is claimed once and never changes, so that threads share it
 * without a lock; when all are taken the catalogue is asked each time. */
struct labels {
    struct {
        _Atomic(const char *) choice, words;
    } slots[LABEL_SLOTS];
};

struct op {
    enum op_kind kind;
    enum filter filter;
    bool dash; /* `or`: a dash when the value is empty */
    const char *text;
    size_t len, jump;
    const struct path *path;
    const struct prefix *prefixes;
    struct labels *labels;
    /* The last field table met and the place of the name in it, in one word so that threads may
     * share it: address << 16 | index. Rows of one list have one table, so names are compared once.
     */
    _Atomic uint64_t memo;
    _Atomic(const char *) node_name;
};

struct template
{
    struct op *ops;
    enum lang lang;
};

#endif
