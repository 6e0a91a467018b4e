/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plain verbs on the web: one set of handlers for every resource, on the API and as pages.
 *
 * A slice names its resource and what is special in a `struct record_face`, and takes the routes:
 *
 *     RECORD_LIST("people", PEOPLE_FACE, "list"), RECORD_SHOW("people", PEOPLE_FACE, "record"), …
 */
#ifndef RECORDS_RECORD_WEB_H
#define RECORDS_RECORD_WEB_H

#include "app/records/record.h"
#include "sheets/sheets.h"
#include "web/request.h"

#include <stdio.h>

/* Rows that the document of one record holds beside its fields: put by doc_rows, and described by
 * the same. */
struct record_rows {
    const char *name;
    const struct resource *records; /* that they are; NULL: rows with */
    const struct field *fields;
    size_t size;
};
#define RECORD_ROWS_END                                                                            \
    {                                                                                              \
        .name = NULL                                                                               \
    }
static inline void doc_rows(struct doc *doc, const struct record_rows *of, const void *rows,
                            size_t count)
{
    doc_records(doc, of->name, of->records ? of->records->fields : of->fields, rows, count,
                of->records ? of->records->size : of->size);
}

struct record_face {
    const struct resource *resource;
    /* More for the document of one record: parts, and (page_only) what may be done. */
    enum result (*show)(struct request *rq, void *record);
    /* More for the document of a list. */
    enum result (*list)(struct request *rq, const struct list *list);
    /* Values that a new record begins with; also where `?contract_id=7` of a form's link goes. */
    enum result (*begin)(struct request *rq, void *record);
    const struct record_rows *rows; /* all that `show` may put */
    bool importable;                /* the import wizard takes it */
    /* Exports are a table for the office: the listed columns, these further ones ("days
     * sick_days"), and sums of the money at its foot. NULL: every column that there is, and no
     * sums. */
    const char *office;
    const char *icon;
};

#define RECORD_LIST(name, face, page)                                                              \
    {                                                                                              \
        GET, "/" name, name ".read", record_list_get, page, .subject = &(face), .nav = name        \
    }
#define RECORD_SHOW(name, face, page)                                                              \
    {                                                                                              \
        GET, "/" name "/{id}", name ".read", record_show_get, page, .subject = &(face),            \
                                                                    .nav = name                    \
    }
#define RECORD_CREATE(name, face)                                                                  \
    {GET,    "/" name "/new",    name ".write",      record_new_get,                               \
     "form", .flags = PAGE_ONLY, .subject = &(face), .nav = name},                                 \
    {                                                                                              \
        POST, "/" name, name ".write", record_create_post, "form", .subject = &(face), .nav = name \
    }
#define RECORD_CHANGE(name, face)                                                                  \
    {GET,    "/" name "/{id}/edit", name ".write",      record_edit_get,                           \
     "form", .flags = PAGE_ONLY,    .subject = &(face), .nav = name},                              \
    {                                                                                              \
        PATCH, "/" name "/{id}", name ".write", record_change_patch, "form", .subject = &(face),   \
                                                                             .nav = name           \
    }
#define RECORD_HISTORY(name, face)                                                                 \
    {                                                                                              \
        GET, "/" name "/{id}/history", name ".read", record_history_get, "history",                \
            .subject = &(face), .nav = name                                                        \
    }
/* ?format=csv|xlsx and the filters of the list. A POST, as it leaves an entry in the trail. */
#define RECORD_EXPORT(name, face)                                                                  \
    {                                                                                              \
        POST, "/" name "/export", "exports.make", record_export_post, "fault",                     \
            .flags = STREAM, .subject = &(face), .nav = name                                       \
    }
/* {field}: opens one sensitive value; leaves an entry in the trail. */
#define RECORD_REVEAL(name, face)                                                                  \
    {                                                                                              \
        POST, "/" name "/{id}/reveal", name ".reveal", record_reveal_post, "reveal",               \
            .subject = &(face), .nav = name                                                        \
    }

enum result record_list_get(struct request *rq);
enum result record_show_get(struct request *rq);
enum result record_new_get(struct request *rq);
enum result record_create_post(struct request *rq);
enum result record_edit_get(struct request *rq);
enum result record_change_patch(struct request *rq);
enum result record_history_get(struct request *rq);
enum result record_export_post(struct request *rq);
enum result record_reveal_post(struct request *rq);

/* What record_export_post sends, into a file: by the filters of the request, and without an entry
 * in the trail. */
enum result record_export(struct request *rq, const struct record_face *face, enum sheet_kind kind,
                          FILE *file);

/* The record of the path's {id}, read in the actor's scope. */
MUST_USE enum result record_of_path(struct request *rq, const struct resource *resource, void *out);
/* The same for an action that changes it: checks the `version` that the client saw, when it was
 * sent (the API and forms send it). */
MUST_USE enum result record_for_action(struct request *rq, const struct resource *resource,
                                       void *out);
/* The input of actions that want a reason and nothing else. */
extern const struct field REASON_INPUT[];

/* After an action on `record`, which was read before it: shows it as it is now (API the document,
 * page back to /<resource>/<id> with words), or, when the action was refused, as it was beside the
 * fault. Returns `result`. */
MUST_USE enum result record_acted(struct request *rq, const struct record_face *face,
                                  const void *record, enum result result, const char *flash_key);
/* After a form was sent: when it was refused, shows it again with what was typed. Returns
 * `result`. */
MUST_USE enum result record_form_again(struct request *rq, const struct record_face *face,
                                       const void *record, bool creating, enum result result);
/* Put the record and what its face adds into the answer. */
MUST_USE enum result record_answer(struct request *rq, const struct record_face *face,
                                   const void *record);

/* The conditions, search, sort and page that the URL asks for; unknown names are refused. */
MUST_USE enum result list_query_read(struct request *rq, const struct resource *resource,
                                     struct list_query *out);

/* A choice's label, or NULL. "contracts.state.active" */
const char *choice_label(struct arena *arena, const struct resource *resource,
                         const struct field *field, const char *choice, enum lang lang);
/* The choice that has this label in any language; 0 when none has. */
unsigned choice_of_label(struct arena *arena, const struct resource *resource,
                         const struct field *field, const char *text);
/* A member as a person reads it: labels for choices, yes and no, a dash for none. */
const char *field_words(struct request *rq, const struct resource *resource,
                        const struct field *field, const void *record);

/* ---- what pages show beside the record (page_only) ---- */

/* A button: an action on the record, shown when the actor has the right. */
struct act {
    const char *right, *href, *label_key;
    const char *confirm_key; /* NULL: none */
    bool primary, danger;
    bool link; /* leads to a page instead of posting */
};
void doc_acts(struct request *rq, const struct act *acts, size_t count);

/* Tabs above a list, for the partial `tabs`: each is a query of the list; words are in the
 * catalogue under "<resource>.tab.<name>". */
struct tab {
    const char *name, *query; /* "state=active&sort=ends_on"; "" all */
};
/* For a face's `list`. */
void doc_tabs(struct request *rq, const struct resource *resource, const struct tab *tabs,
              size_t count);
/* For GET /<resource>/figures, page "tabs": how many there are under each tab, counted no further
 * than a thousand. The page asks for it after it is there (?tab= is the current one), so that a
 * long list opens as fast as a short one. */
MUST_USE enum result doc_tab_figures(struct request *rq, const struct resource *resource,
                                     const struct tab *tabs, size_t count);

/* A part of a record's page: a list of the resource under it. */
MUST_USE enum result doc_part(struct request *rq, const char *name, const struct resource *resource,
                              const char *parent_field, int64_t parent_id);

#endif
