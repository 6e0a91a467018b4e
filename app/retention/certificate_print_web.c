/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A certificate of deletion on paper, with its place in the trail, which proves its date. */
#include "app/retention/retention_web.h"

#include "app/records/export_log.h"
#include "app/records/paper_web.h"
#include "app/records/record_page.h"
#include "app/records/trail.h"

#include <string.h>

struct printing {
    struct request *rq;
    struct deletion_certificate certificate;
    struct event *events;
    size_t event_count;
};

static struct paper_fact fact(const struct printing *printing, const char *name)
{
    const struct field *field = field_find(DELETION_CERTIFICATES.fields, name, strlen(name));
    return (struct paper_fact){
        field_label(printing->rq, &DELETION_CERTIFICATES, field),
        field_words(printing->rq, &DELETION_CERTIFICATES, field, &printing->certificate),
        field->type == FIELD_TEXT};
}

static void compose_facts(struct paper *paper, const struct printing *printing)
{
    static const char *const NAMES[] = {"kind",
                                        "subject",
                                        "contract_number",
                                        "contract_name",
                                        "organisation_name",
                                        "provider_name",
                                        "from",
                                        "to",
                                        "count",
                                        "sha256",
                                        "rule_days",
                                        "rule_basis",
                                        "decided_by",
                                        "state",
                                        "deleted_at"};
    struct paper_fact facts[sizeof NAMES / sizeof NAMES[0]];
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        facts[i] = fact(printing, NAMES[i]);
    paper_facts(paper, facts, sizeof NAMES / sizeof NAMES[0]);
}

/* Its own entries, oldest first: whoever has the trail finds them by number and hash. */
static void compose_trail(struct paper *paper, const struct printing *printing)
{
    struct request *rq = printing->rq;
    const struct paper_column columns[] = {
        {word(rq, "deletion_certificates.entry"), 12, PAPER_RIGHT},
        {word(rq, "deletion_certificates.entry_at"), 24, PAPER_LEFT},
        {word(rq, "deletion_certificates.entry_hash"), 70, PAPER_LEFT},
    };
    paper_heading(paper, word(rq, "deletion_certificates.trail"));
    paper_table_begin(paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = printing->event_count; i-- > 0;) {
        const struct event *event = &printing->events[i];
        char at[INSTANT_MAX_TEXT]; /* 2026-11-29T05:25:27.801+08:00 */
        instant_format(event->at, at);
        at[10] = ' ';
        at[19] = '\0';
        paper_row(paper,
                  (const char *const[]){arena_printf(rq->cx.mem, "%lld", (long long)event->id),
                                        arena_printf(rq->cx.mem, "%s", at), event->hash});
    }
    paper_table_end(paper);
}

static enum result compose(struct paper *paper, void *host)
{
    const struct printing *printing = host;
    struct request *rq = printing->rq;
    paper_title(paper, word(rq, "deletion_certificates.one"));
    compose_facts(paper, printing);
    paper_text(paper, word(rq, "deletion_certificates.words"));
    compose_trail(paper, printing);
    paper_note(paper, word(rq, "deletion_certificates.note"));
    return OK;
}

enum result certificate_print_get(struct request *rq)
{
    enum { ENTRIES_MOST = 20 };
    struct printing *printing = ARENA_NEW(rq->cx.mem, struct printing);
    printing->rq = rq;
    struct deletion_certificate *certificate = &printing->certificate;
    TRY(record_of_path(rq, &DELETION_CERTIFICATES, certificate));
    if (certificate->state != CERTIFICATE_DELETED)
        return fail(&rq->cx, CONFLICT, "deletion_certificates.underway");
    TRY(trail_of(&rq->cx, &DELETION_CERTIFICATES, certificate->id, ENTRIES_MOST, &printing->events,
                 &printing->event_count));
    TRY(export_note(&rq->cx, EXPORT_PRINT, &DELETION_CERTIFICATES, certificate, NULL, ""));
    return reply_paper(
        rq,
        (struct paper_head){.title = word(rq, "deletion_certificates.one"), .form = PAPER_SHEET},
        certificate->subject, compose, printing);
}
