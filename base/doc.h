/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A document: what a handler answers. The JSON writer and the page templates read the same one.
 *
 * It is a short list of named things in the order they were put: texts, numbers, flags, records
 * (a struct with its field table), lists of records (rows that lie one behind the other), and
 * documents inside. Nothing is copied: it points at the structs. At most one record may be the
 * document's root; its fields then stand at the top level: {"id":7,...,"terms":[...]}. */
#ifndef BASE_DOC_H
#define BASE_DOC_H

#include "base/field.h"
#include "base/json.h"

enum node_kind {
    NODE_TEXT,
    NODE_INT,
    NODE_FLAG,
    NODE_RECORD,  /* data: one struct of `fields`; NULL data is null */
    NODE_RECORDS, /* data: `count` structs, `stride` bytes apart */
    NODE_DOC,     /* data: struct doc */
    NODE_DOCS,    /* data: an array of `count` pointers to struct doc */
    NODE_TEXTS,   /* data: an array of `count` const char pointers */
};

struct node {
    const char *name;
    enum node_kind kind;
    bool page_only; /* for the page alone (labels, links); not in JSON */
    const char *text;
    int64_t number; /* NODE_INT, NODE_FLAG */
    const struct field *fields;
    const void *data;
    size_t count, stride;
    struct node *next;
};

struct doc {
    struct arena *arena;
    const struct field *fields; /* of the root record, or NULL */
    const void *root;
    struct node *first, *last;
    bool page_only; /* while set, what is put is marked page_only */
};

struct doc *doc_new(struct arena *arena);
void doc_root(struct doc *doc, const struct field *fields, const void *record);
void doc_text(struct doc *doc, const char *name, const char *value); /* NULL: null */
void doc_int(struct doc *doc, const char *name, int64_t value);
void doc_flag(struct doc *doc, const char *name, bool value);
void doc_record(struct doc *doc, const char *name, const struct field *fields, const void *record);
void doc_records(struct doc *doc, const char *name, const struct field *fields, const void *records,
                 size_t count, size_t stride);
void doc_doc(struct doc *doc, const char *name, const struct doc *inner);
void doc_docs(struct doc *doc, const char *name, struct doc *const *inner, size_t count);
void doc_texts(struct doc *doc, const char *name, const char *const *texts, size_t count);

const struct node *doc_find(const struct doc *doc, const char *name, size_t len);

/* JSON of a field (its value alone), of a record, of a document. HIDDEN fields are left out;
 * instants in RFC 3339, money whole fen, points "87.50", secrets masked, enums by name. */
void json_field(struct json_writer *writer, const struct field *field, const void *record);
/* The way back: the value behind a KEY into the member. It is not checked beyond its form. NULL, or
 * "malformed", "too_small", "too_large", "required" (null for a MUST field). */
field_verdict json_field_read(const struct field *field, struct json_reader *json, void *record);
void json_record(struct json_writer *writer, const struct field *fields, const void *record);
void json_doc(struct json_writer *writer, const struct doc *doc);

/* Rows as one text that a column keeps, a JSON array of objects ("" for none). */
const char *json_rows_text(struct arena *arena, const struct field *fields, const void *rows,
                           size_t count, size_t stride);
/* The same as a table: an array of the members' names, then one of values for each row. */
const char *json_table_text(struct arena *arena, const struct field *fields, const void *rows,
                            size_t count, size_t stride);
/* The way back from either: at most `most` rows, in the arena. Members that `fields` does not know
 * any more are left out. False when the text is broken. */
bool json_rows_read(struct arena *arena, const char *text, const struct field *fields, size_t size,
                    size_t most, void *out_rows, size_t *out_count);

#endif
