/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One request as a handler sees it, and the ways to answer it. No handler mentions HTTP's library,
 * JSON or HTML: it reads fields, calls rules, puts things into rq->doc and returns a result. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "base/ctx.h"
#include "base/doc.h"
#include "base/field.h"
#include "web/route.h"

#include <stdbool.h>

#define NO_CONTENT 204

/* One part of a form or one query parameter. Files have a file name; their bytes stay where the
 * body lies (memory or a mapped spool file) until the request ends. */
struct part {
    const char *name;
    const char *value;     /* NUL-terminated UTF-8; "" for files */
    const char *file_name; /* NULL: not a file. As sent; documents clean it */
    const char *media_type;
    const void *bytes;
    size_t len;
    struct part *next;
};

struct request {
    struct ctx cx;
    struct doc *doc; /* the answer */
    const struct route *route;
    struct route_match match;
    enum method method;
    enum face face;
    const char *path;   /* as asked, without query, without /api */
    const char *target; /* path and query as asked, for links back */
    const char *body;   /* raw */
    size_t body_len;
    const char *body_type;     /* media type without parameters */
    struct part *query, *form; /* parsed: URL query; urlencoded or multipart body */
    bool from_cookie;          /* signed in by cookie: writes need the CSRF token */
    bool secure;               /* reached us by TLS (at the proxy) */
    bool by_token;             /* signed in by an API token: no SESSION_ONLY routes */
    const char *csrf;          /* this session's CSRF token */
    void *session;             /* access's own */
    void *app;                 /* web_host.app */
    void *prepared;            /* what route->prepare leaves for route->handle */

    /* ---- the answer beside the document ---- */
    int status;                /* 0: from the result; NO_CONTENT: nothing is said */
    const char *location;      /* 201 on the API, 303 on a page */
    const char *flash;         /* words shown after the redirect */
    const char *page;          /* instead of route->page */
    const char *set_cookie;    /* whole Set-Cookie value */
    struct part *headers;      /* further headers: name, value */
    bool keep;                 /* commit although the result is a refusal (failed sign-ins count) */
    struct stream *stream;     /* web/stream.h: a body of its own instead of the document */
    struct taken *taken;       /* private: inputs that were read beside the record */
    struct exchange *exchange; /* private: the server's side of it */
};

/* ---- input ---- */

/* The {name} of the path; "" when there is none. */
const char *path_text(const struct request *rq, const char *name);
/* The {id} of the path: NOT_FOUND unless it is a whole number > 0. */
MUST_USE enum result path_id(struct request *rq, const char *name, int64_t *out);
/* A query parameter; "" when it was not given. */
const char *query_text(const struct request *rq, const char *name);
/* A header of the request and a cookie; "" when not sent. */
const char *header_text(const struct request *rq, const char *name);
const char *cookie_text(const struct request *rq, const char *name);
/* A value of the form, or a simple member of a JSON body; "" when not given. For the few inputs
 * that belong to no record (password, reason): ask for them before body_read, which then does not
 * refuse them as unknown. */
const char *input_text(struct request *rq, const char *name);
const struct part *input_file(const struct request *rq, const char *name);

/* Body (JSON object or form) -> record. Every wrong field is reported at once: unknown (not in the
 * table, NEVER, or HIDDEN), repeated, fixed, malformed, too_long …, required. `given`: bit i =
 * field i of the table was sent (may be NULL). A form's names beginning with "_" are ours and
 * skipped; "_fields" lists the fields that it shows ("paid,roles"): a box that is not ticked is
 * then false. An empty form value of a MAY field means none. A member `version` is always read.
 * `creating` demands the MUST fields and allows FIXED ones. */
MUST_USE enum result body_read(struct request *rq, const struct field *fields, void *record,
                               bool creating, uint64_t *given);
/* An array of objects under `name` in the JSON body, or form fields name.0.field, name.1.field …
 * (rows left quite empty are skipped): *out_rows in the arena. Fault fields are named
 * "terms.2.text". Call it before body_read, as with input_text. */
MUST_USE enum result body_read_list(struct request *rq, const char *name,
                                    const struct field *fields, size_t size, size_t limit,
                                    void *out_rows, size_t *out_count);
MUST_USE enum result body_read_rows(struct request *rq, const struct body_list *list,
                                    void *out_rows, size_t *out_count);
/* Parameters of the query by their fields; others are none of its business. */
MUST_USE enum result query_read(struct request *rq, const struct field *fields, void *record);

/* ---- answers (return these) ---- */

/* Made: API 201 + Location + the document; page 303 to it. */
enum result created(struct request *rq, const char *location_format, ...)
    __attribute__((format(printf, 2, 3)));
/* Done: API 200 + the document; page 303 there, with words from the catalogue shown once. Only
 * places on this site are gone to. */
enum result moved(struct request *rq, const char *flash_key, const char *location_format, ...)
    __attribute__((format(printf, 3, 4)));
/* The end of what a DEFERS handler began; once, on any thread. From here on the request is not the
 * caller's any more. */
void request_done(struct request *rq, enum result result);
/* Is there a page at this place for whoever asks: a route, and the right to it? A page asks before
 * it shows a link. */
bool link_leads(const struct request *rq, const char *href);
/* Likewise of a form that is posted there. */
bool form_leads(const struct request *rq, const char *action);
/* A header that would break the reply (line breaks, control characters) is not sent: BROKEN. */
void reply_header(struct request *rq, const char *name, const char *value);

#endif
