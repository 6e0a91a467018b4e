/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a resource takes from an office's file: the words that its columns go by, how its cells are
 * understood, and which cells name other records. Whatever is known of a single resource stands in
 * spec.c; the rest of this folder knows none of them. */
#ifndef IMPORTS_SPEC_H
#define IMPORTS_SPEC_H

#include "app/records/record.h"

/* For whom records are made: the client's organisation, and the unit under which new ones hang. */
struct importer {
    int64_t organisation_id, unit_id;
};

/* A cell that names a record. */
struct import_link {
    const struct resource *resource;
    /* By exact name; 0 when there is none. */
    enum result (*find)(struct ctx *cx, const struct importer *importer, const char *name,
                        int64_t *out_id);
    /* A new one of that name, made with the row that mentions it; NULL: it must be there. */
    void (*make)(const struct importer *importer, const char *name, void *record);
};

struct import_column {
    const char *field; /* of the resource; NULL ends the table */
    const char
        *words; /* that a header uses for it, with | between; the catalogue's label counts too */
    const struct import_link *link;
    /* Two things in one cell: the second belongs to `also`. */
    const char *also;
    void (*split)(struct arena *arena, const char *cell, const char **out_first,
                  const char **out_second);
    const char *(*meaning)(struct arena *arena, const char *cell); /* 有 stands for a longer text */
    const char *missing; /* code when nothing is written although the resource would allow that */
};

/* Words for a choice beside the catalogue's. */
struct import_choice {
    const char *field, *words, *choice;
};

struct import_spec {
    const struct resource *resource;
    const struct import_column *columns;
    const struct import_choice *choices;
    /* The record that has the key (resource->import_key) already; 0: none. Ignores the scope. */
    enum result (*find)(struct ctx *cx, const struct importer *importer, const char *key,
                        int64_t *out_id);
    const char *once;  /* a secret that no two rows share; NULL: none */
    const char *taken; /* code when it has, with other content, or twice in the file */
    void (*begin)(const struct importer *importer, void *record); /* values that no file has */
    bool own;                /* either side imports its own (a roster), with or without units */
    const char *also_called; /* on the command line; may be NULL */
    void (*complete)(struct ctx *cx, void *record); /* a key made of several cells; may be NULL */
};

/* For whom: the actor's own organisation; for the command line the one that it names
 * (`organisation_id`), or of what only a client keeps the first client and its headquarters.
 * Results: CONFLICT import.no_client; INVALID import.whose. */
MUST_USE enum result importer_find(struct ctx *cx, const struct import_spec *spec,
                                   int64_t organisation_id, struct importer *out);

extern const struct import_spec *const IMPORT_SPECS[]; /* NULL-terminated */
const struct import_spec *import_spec_find(const char *resource);

#endif
