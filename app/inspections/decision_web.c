/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The form by which people decide: two words to choose from, and why. */
#include "app/inspections/inspections_web.h"

#include "app/records/record_page.h"

#include <string.h>

static const char *const ANY[] = {"pass",         "fail",    "uphold", "reject", "explained",
                                  "false_record", "confirm", "return", NULL};
const struct field DECIDED_INPUT[] = {
    FIELD(decided, decision, .in = MUST, .choices = ANY),
    FIELD(decided, reason, .in = MAY, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

enum result decided_read(struct request *rq, const struct decision *decision, bool *out_agrees,
                         const char **out_reason)
{
    const char *word = input_text(rq, "decision");
    *out_reason = input_text(rq, "reason");
    *out_agrees = strcmp(word, decision->words[0]) == 0;
    if (!*word)
        reject(&rq->cx, "decision", "required");
    else if (!*out_agrees && strcmp(word, decision->words[1]) != 0)
        reject(&rq->cx, "decision", "malformed");
    return rejected(&rq->cx);
}

void doc_decision(struct request *rq, const struct resource *resource, const struct record *record,
                  const struct decision *decision, bool may)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const char *key = arena_printf(rq->cx.mem, "%s.do.%s", resource->name, decision->action);
    doc_text(doc, "action",
             arena_printf(rq->cx.mem, "/%s/%lld/%s", resource->name, (long long)record->id,
                          decision->action));
    doc_int(doc, "version", record->version);
    doc_text(doc, "label", word(rq, key));
    doc_text(doc, "yes", decision->words[0]);
    doc_text(doc, "no", decision->words[1]);
    doc_text(doc, "yes_label",
             word(rq, arena_printf(rq->cx.mem, "%s.%s", key, decision->words[0])));
    doc_text(doc, "no_label", word(rq, arena_printf(rq->cx.mem, "%s.%s", key, decision->words[1])));
    if (may && actor_may(rq->cx.actor,
                         arena_printf(rq->cx.mem, "%s.%s", resource->name, decision->action)))
        doc_doc(rq->doc, "decision", doc);
}
