/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Page templates: a Mustache subset, compiled once per language, rendered from documents.
 *
 *     {{name}} {{a.b}} {{.}}        a value, always escaped (there is no raw form)
 *     {{.name}}                     a value of the innermost record or document alone
 *     {{amount_fen|money}}          through a filter of the closed list below
 *     {{#x}}..{{/x}} {{^x}}..{{/x}} section: list, record, flag, non-empty value; inverted section
 *     {{#x=word}}..{{/x=word}}      shown when the text or choice is that word, or the set has it;
 *     {{^x=word}}..{{/x=word}}      when not. The one comparison: it keeps flags for looks out of C
 *     {{>partial}}                  another page text, compiled in place; the name is given to the
 *                                   source as it stands
 *     {{:key}}                      words of the text catalogue, put in at compile time
 *     {{%contracts}}                catalogue prefix for `label` from here to the end of the
 * section
 *     {{#items:contracts}}          the same for the rows of a list; {{/items}} closes it
 *     {{! note}}
 *
 * Filters: `label` (the catalogue's word for a choice, or a text that is one:
 * contracts.state.active), `day` (date or instant as YYYY-MM-DD), `time` (instant as YYYY-MM-DD
 * HH:MM), `money` (grouped yuan), `plain` (as a form input wants it), `url` (percent-encoded), `or`
 * (a dash when empty; also after another filter). Without a filter a field is written by
 * field_write (grouped), a choice by its name. `label` tries the prefixes from the innermost
 * section outwards; a section without a stated prefix counts with its own name ({{#terms}}:
 * terms.topic.fee).
 *
 * Names are looked up from the innermost section outwards, as Mustache does: a name that is there
 * but empty hides the same name further out. Inside a list there are {{@first}}, {{@last}},
 * {{@index}} (from 1). The number 0 counts as empty. Hidden fields have no value. Rendering never
 * fails: an unknown name is empty. Compile errors carry name:line and stop start-up. Standalone
 * tags take their whole line, as the specification asks. Sections nest at most 16 deep, and so do
 * partials; a partial that includes itself is an error. */
#ifndef WEB_TEMPLATE_H
#define WEB_TEMPLATE_H

#include "base/ctx.h"
#include "base/doc.h"

struct template;

/* Where partials come from: the text of the page `name`, NULL when there is none. */
typedef const char *(*template_source)(const void *host, const char *name);

/* Compiled into `arena`, which must outlive it; any number of threads may render it. On
 * error NULL and *out_error. */
struct template *template_compile(struct arena *arena, const char *name, const char *text,
                                  enum lang lang, template_source source, const void *host,
                                  const char **out_error);

void template_render(const struct template *template, const struct doc *doc, struct text *out);

#endif
