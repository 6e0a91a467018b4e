/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The certificate of acceptance (验收单) on paper: who, what was checked, what came of it, and the
 * names under it. */
#include "app/acceptances/acceptance_private.h"
#include "app/acceptances/acceptance_web.h"

#include "app/records/export_log.h"
#include "app/records/paper_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"

#include <string.h>

struct printing {
    struct request *rq;
    struct acceptance acceptance;
    struct acceptance_item *items;
    struct frozen_member *members;
    struct signature *signatures;
    struct list defects;
    size_t count, member_count, signature_count;
};

static enum result printing_begin(struct request *rq, struct printing **out)
{
    struct printing *printing = *out = ARENA_NEW(rq->cx.mem, struct printing);
    printing->rq = rq;
    struct acceptance *acceptance = &printing->acceptance;
    TRY(record_of_path(rq, &ACCEPTANCES, acceptance));
    TRY(acceptance_items(&rq->cx, acceptance->id, &printing->items, &printing->count));
    if (!acceptance_shows_check(rq->cx.actor, acceptance))
        printing->count = 0;
    if (*acceptance->panel &&
        !json_rows_read(rq->cx.mem, acceptance->panel, FROZEN_MEMBER_FIELDS,
                        sizeof *printing->members, 50, &printing->members, &printing->member_count))
        return fail(&rq->cx, BROKEN, "acceptance.broken", acceptance->name);
    TRY(signatures_list(&rq->cx, &ACCEPTANCES, acceptance->id, &printing->signatures,
                        &printing->signature_count));
    TRY(record_select(&rq->cx, &ACCEPTANCE_DEFECTS, "on_paper",
                      "t.acceptance_id = $1 AND t.kind = 'defect' AND t.state <> 'withdrawn' "
                      "ORDER BY t.id LIMIT 300",
                      PARAMS(P(acceptance->id)), &printing->defects));
    return export_note(&rq->cx, EXPORT_PRINT, &ACCEPTANCES, acceptance, NULL, "");
}

static const char *words_of(struct request *rq, const struct resource *resource, const char *name,
                            const void *record)
{
    return field_words(rq, resource, field_find(resource->fields, name, strlen(name)), record);
}

static const char *label_of(struct request *rq, const struct resource *resource, const char *name)
{
    return field_label(rq, resource, field_find(resource->fields, name, strlen(name)));
}

static const char *listed(struct request *rq, const char *list, const char *more)
{
    return *list ? arena_printf(rq->cx.mem, "%s、%s", list, more) : more;
}

/* Names with where they come from; who leads first says so. */
static const char *panel_words(const struct printing *printing)
{
    struct request *rq = printing->rq;
    const char *out = "";
    for (size_t i = 0; i < printing->member_count; i++) {
        const struct frozen_member *member = &printing->members[i];
        out =
            listed(rq, out,
                   arena_printf(rq->cx.mem, member->lead ? "%s（%s，%s）" : "%s（%s）",
                                member->name, member->organisation, word(rq, "acceptances.leads")));
    }
    return out;
}

static void compose_facts(struct paper *paper, const struct printing *printing)
{
    static const char *const FACTS[] = {
        "contract_number", "contract_name", "client_name",  "provider_name", "completed_on",
        "checked_on",      "claimed_fen",   "accepted_fen", "outcome",       "warranty_ends_on"};
    struct request *rq = printing->rq;
    const size_t count = sizeof FACTS / sizeof FACTS[0];
    struct paper_fact facts[sizeof FACTS / sizeof FACTS[0] + 3];
    for (size_t i = 0; i < count; i++)
        facts[i] =
            (struct paper_fact){label_of(rq, &ACCEPTANCES, FACTS[i]),
                                words_of(rq, &ACCEPTANCES, FACTS[i], &printing->acceptance), false};
    facts[count] =
        (struct paper_fact){label_of(rq, &ACCEPTANCES, "work"), printing->acceptance.work, true};
    facts[count + 1] =
        (struct paper_fact){word(rq, "acceptances.panel"), panel_words(printing), true};
    facts[count + 2] = (struct paper_fact){label_of(rq, &ACCEPTANCES, "conclusion"),
                                           printing->acceptance.conclusion, true};
    paper_facts(paper, facts, count + 3);
}

static void compose_lines(struct paper *paper, const struct printing *printing)
{
    struct request *rq = printing->rq;
    const struct paper_column columns[] = {
        {label_of(rq, &ACCEPTANCE_ITEMS, "term"), 10, PAPER_LEFT},
        {label_of(rq, &ACCEPTANCE_ITEMS, "requirement"), 48, PAPER_LEFT},
        {label_of(rq, &ACCEPTANCE_ITEMS, "result"), 12, PAPER_LEFT},
        {label_of(rq, &ACCEPTANCE_ITEMS, "measured"), 16, PAPER_LEFT},
        {label_of(rq, &ACCEPTANCE_ITEMS, "note"), 34, PAPER_LEFT},
    };
    paper_table_begin(paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < printing->count; i++) {
        const struct acceptance_item *item = &printing->items[i];
        paper_row(paper, (const char *const[]){item->term, item->requirement,
                                               words_of(rq, &ACCEPTANCE_ITEMS, "result", item),
                                               item->measured, item->note});
    }
    paper_table_end(paper);
}

static void compose_defects(struct paper *paper, const struct printing *printing)
{
    struct request *rq = printing->rq;
    const struct acceptance_defect *defects = printing->defects.rows;
    for (size_t i = 0; i < printing->defects.count; i++)
        paper_text(paper, arena_printf(rq->cx.mem, "%s %zu：%s（%s %s，%s）",
                                       word(rq, "acceptance_defects.one"), i + 1, defects[i].found,
                                       label_of(rq, &ACCEPTANCE_DEFECTS, "due_on"),
                                       words_of(rq, &ACCEPTANCE_DEFECTS, "due_on", &defects[i]),
                                       words_of(rq, &ACCEPTANCE_DEFECTS, "state", &defects[i])));
}

static void compose_signatures(struct paper *paper, const struct printing *printing)
{
    struct paper_signature *shown =
        ARENA_ARRAY(printing->rq->cx.mem, struct paper_signature, printing->signature_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < printing->signature_count; i++) {
        const struct signature *signature = &printing->signatures[i];
        if (signature->valid)
            shown[count++] = (struct paper_signature){
                acceptance_party_words(printing->rq, signature->party), signature->person_name,
                signature->signed_at, signature->sha256};
    }
    if (count)
        paper_signatures(paper, shown, count);
}

static enum result compose(struct paper *paper, void *host)
{
    const struct printing *printing = host;
    struct request *rq = printing->rq;
    const struct acceptance *acceptance = &printing->acceptance;
    paper_title(paper, arena_printf(rq->cx.mem, "%s %s", acceptance->contract_name,
                                    word(rq, "acceptances.certificate")));
    compose_facts(paper, printing);
    compose_lines(paper, printing);
    compose_defects(paper, printing);
    if (*acceptance->objection)
        paper_text(paper,
                   arena_printf(rq->cx.mem, "%s：%s", label_of(rq, &ACCEPTANCES, "objection"),
                                acceptance->objection));
    compose_signatures(paper, printing);
    if (*acceptance->sha256)
        paper_note(paper, arena_printf(rq->cx.mem, "SHA-256 %s", acceptance->sha256));
    else
        paper_note(paper, word(rq, "acceptances.not_decided"));
    paper_note(paper, word(rq, "acceptances.clause_note"));
    return OK;
}

enum result acceptance_print_get(struct request *rq)
{
    struct printing *printing;
    TRY(printing_begin(rq, &printing));
    return reply_paper(rq,
                       (struct paper_head){.title = printing->acceptance.name, .form = PAPER_SHEET},
                       printing->acceptance.name, compose, printing);
}
