/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes that hang on site, and the reports that anybody makes who scans one. */
#include "app/desk/desk_private.h"

#include "app/access/password.h"
#include "app/desk/desk.sql.h"
#include "base/hash.h"

#include <string.h>

static const char *const LINK_STATES[] = {"on", "off", NULL};

static const struct field LINK_FIELDS[] = {
    RECORD_FIELDS(issue_link),
    FIELD_REF(issue_link, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED),
    FIELD(issue_link, contract_number, .column = "c.number"),
    FIELD(issue_link, contract_name, .column = "c.name", .use = LISTED),
    FIELD(issue_link, place, .in = MAY, .max = 60, .use = LISTED),
    FIELD(issue_link, token, .use = HIDDEN),
    FIELD(issue_link, renewed_at, .use = LISTED),
    FIELD_ENUM(issue_link, state, LINK_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static const char *new_token(struct ctx *cx)
{
    char token[TOKEN_TEXT];
    random_token(token);
    return arena_dup(cx->mem, token);
}

/* What hangs at a contract's site is the business of whoever leads there. */
static enum result demand_lead(struct ctx *cx, int64_t contract_id)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    return desk_leads(cx->actor, &contract)
               ? OK
               : fail(cx, FORBIDDEN, "issue_link.not_lead", contract.number);
}

static enum result link_check(struct ctx *cx, void *record, const void *before)
{
    struct issue_link *link = record;
    if (!link->contract_id)
        return OK;
    TRY(demand_lead(cx, link->contract_id));
    if (before)
        return OK;
    link->token = new_token(cx);
    link->renewed_at = cx->now;
    link->state = ISSUE_LINK_ON;
    return OK;
}

const struct resource ISSUE_LINKS = {
    .name = "issue_links",
    .clause = "C2.7",
    .fields = LINK_FIELDS,
    .size = sizeof(struct issue_link),
    .joins = "JOIN contracts c ON c.id = t.contract_id",
    .title = "contract_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = link_check,
};

enum result issue_link_renew(struct ctx *cx, const struct issue_link *before)
{
    struct issue_link after = *before;
    after.token = new_token(cx);
    after.renewed_at = cx->now;
    return record_change(cx, &ISSUE_LINKS, "renew", before, &after);
}

enum result issue_link_switch(struct ctx *cx, const struct issue_link *before, bool on)
{
    struct issue_link after = *before;
    after.state = on ? ISSUE_LINK_ON : ISSUE_LINK_OFF;
    if (after.state == before->state)
        return fail(cx, CONFLICT, "issue_link.wrong_state");
    return record_change(cx, &ISSUE_LINKS, on ? "switch_on" : "switch_off", before, &after);
}

/* ---- reports ---- */

static const char *const REPORT_KINDS[] = {"problem", "complaint", "praise", NULL};
const struct field REPORT_INPUT[] = {
    FIELD_ENUM(issue, kind, REPORT_KINDS, .in = MUST),
    FIELD(issue, place, .in = MAY, .max = 60),
    FIELD(issue, words, .in = MUST, .max = 2000, .use = LONG_TEXT),
    FIELD(issue, reporter, .in = MAY, .max = 40),
    FIELD(issue, reporter_phone, .in = MAY, .max = 20, .valid = phone_valid),
    FIELDS_END,
};

/* Whoever scanned the code: nobody we know, let in to this one contract by the code itself. */
static const struct actor REPORTER = {
    .account = "qr",
    .person_name = "扫码报事人",
    .unit_name = "",
    .organisation_name = "",
    .is_system = true,
};

/* Runs as the reporter, whoever may be signed in on that phone. */
static enum result as_reporter(struct ctx *cx, enum result (*run)(struct ctx *cx, void *host),
                               void *host)
{
    const struct actor *asker = cx->actor;
    cx->actor = &REPORTER;
    enum result result = run(cx, host);
    cx->actor = asker;
    return result;
}

struct looking {
    const struct resource *resource;
    int64_t id;
    void *out;
};

static enum result look_up(struct ctx *cx, void *host)
{
    const struct looking *looking = host;
    return record_get(cx, looking->resource, looking->id, looking->out);
}

enum result report_link(struct ctx *cx, const char *token, struct issue_link *out)
{
    struct looking looking = {.resource = &ISSUE_LINKS, .out = out};
    TRY(db_int(cx, &q_link_of_token, PARAMS(P(token)), &looking.id));
    return looking.id ? as_reporter(cx, look_up, &looking) : fail(cx, NOT_FOUND, "report.no_link");
}

/* ---- limits: so many reports within an hour ---- */

#define HOUR_MS (60 * 60 * INT64_C(1000))
#define LINK_MOST 60
#define ORIGIN_MOST 10

static const char *origin_hash(struct ctx *cx)
{
    char *hash = arena_alloc(cx->mem, INDEX_HEX);
    if (*cx->origin)
        index_hash(cx->keys, "issues.origin", cx->origin, hash);
    return hash;
}

static enum result demand_below(struct ctx *cx, const struct query *query, struct param who,
                                int32_t most)
{
    int64_t oldest; /* of the `most` newest */
    const struct instant since = {cx->now.ms - HOUR_MS};
    TRY(db_int(cx, query, PARAMS(who, P(since), param_int(most - 1)), &oldest));
    if (!oldest)
        return OK;
    return fail(cx, TOO_MANY, "report.too_many",
                arena_printf(cx->mem, "%lld", (long long)(oldest - since.ms + 999) / 1000));
}

enum result report_demand_open(struct ctx *cx, const struct issue_link *link)
{
    struct contract contract;
    struct looking looking = {&CONTRACTS, link->contract_id, &contract};
    TRY(as_reporter(cx, look_up, &looking));
    if (link->state != ISSUE_LINK_ON || !desk_serves(&contract))
        return fail(cx, CONFLICT, "report.closed");
    TRY(demand_below(cx, &q_reports_by_link, P(link->id), LINK_MOST));
    return demand_below(cx, &q_reports_by_origin, P(origin_hash(cx)), ORIGIN_MOST);
}

/* ---- one report ---- */

/* What names it in lists: the beginning of what was said. */
static const char *subject_of(struct ctx *cx, const char *words)
{
    enum { SUBJECT_MOST = 30 };
    const char *plain = text_plain(cx->mem, words), *end = plain;
    for (int i = 0; i < SUBJECT_MOST && *end && *end != '\n' && *end != '\r'; i++)
        (void)utf8_next(&end);
    return arena_printf(cx->mem, "%.*s%s", (int)(end - plain), plain, *end ? "…" : "");
}

struct reporting {
    struct issue *issue;
    struct upload *photos;
    size_t count;
};

static enum result add_report(struct ctx *cx, void *host)
{
    const struct reporting *reporting = host;
    TRY(record_add(cx, &ISSUES, reporting->issue));
    for (size_t i = 0; i < reporting->count; i++) {
        struct upload *photo = &reporting->photos[i];
        struct document document;
        photo->subject = ISSUES.name;
        photo->subject_id = reporting->issue->id;
        photo->retention = RETENTION_STANDARD;
        TRY(document_add(cx, photo, &document));
    }
    return OK;
}

enum result report_add(struct ctx *cx, const struct issue_link *link, struct issue *issue,
                       struct upload *photos, size_t count)
{
    char code[INITIAL_PASSWORD];
    struct reporting reporting = {issue, photos, count};
    TRY(report_demand_open(cx, link));
    password_initial(code);
    issue->contract_id = link->contract_id;
    issue->priority = issue->kind == ISSUE_PRAISE ? ISSUE_LOW : ISSUE_NORMAL;
    issue->source = ISSUE_BY_QR;
    issue->subject = subject_of(cx, issue->words);
    issue->link_id = link->id;
    issue->code = arena_dup(cx->mem, code);
    issue->origin_hash = origin_hash(cx);
    if (!*issue->place)
        issue->place = link->place;
    return as_reporter(cx, add_report, &reporting);
}

enum result report_get(struct ctx *cx, const struct issue_link *link, const char *code,
                       struct issue *out)
{
    struct looking looking = {.resource = &ISSUES, .out = out};
    TRY(db_int(cx, &q_issue_of_code, PARAMS(P(link->id), P(code)), &looking.id));
    return looking.id && *code ? as_reporter(cx, look_up, &looking)
                               : fail(cx, NOT_FOUND, "report.no_report");
}

struct judging {
    const struct issue *issue;
    int64_t satisfaction;
    const char *words;
};

static enum result judge(struct ctx *cx, void *host)
{
    const struct judging *judging = host;
    if (judging->satisfaction)
        return issue_confirm(cx, judging->issue, judging->satisfaction, judging->words);
    return issue_reopen(cx, judging->issue, judging->words);
}

enum result report_judge(struct ctx *cx, const struct issue *issue, int64_t satisfaction,
                         const char *words)
{
    struct judging judging = {issue, satisfaction, words};
    return as_reporter(cx, judge, &judging);
}
