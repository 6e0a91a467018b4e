/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef LETTER_WEB_H
#define LETTER_WEB_H

#include "app/letters/letter.h"
#include "app/records/record_web.h"
#include "web/route.h"

extern const struct route LETTER_ROUTES[];
extern const struct record_face LETTER_FACE;

/* ---- between the pages of this slice ---- */

/* The lines of a type as a resource, for the words and forms of its fields. */
struct resource lines_resource(const struct letter_type *type);
/* What the lines say anything of: those of its fields, as a table that ends like a field table. */
const struct field *lines_said(struct arena *arena, const struct letter_type *type,
                               const void *lines, size_t count);
/* A member of a line as people read it: a record by its title, where the reader may see it. */
const char *line_words(struct request *rq, const struct resource *resource,
                       const struct field *field, const void *line);
/* What the letter holds, as a table to read: line_columns, line_rows. */
MUST_USE enum result put_lines(struct request *rq, const struct letter *letter);

/* Routes' handlers in letter_form_web.c. */
enum result letter_new_get(struct request *rq);
enum result letter_create_post(struct request *rq);
enum result letter_edit_get(struct request *rq);
enum result letter_change_patch(struct request *rq);
enum result letter_lines_prepare(struct request *rq);

/* And in letter_print_web.c. */
enum result letter_print_get(struct request *rq);
enum result letter_evidence_get(struct request *rq);
enum result letter_check_ask(struct request *rq);
enum result letter_check_get(struct request *rq);
enum result letter_check_post(struct request *rq);

#endif
