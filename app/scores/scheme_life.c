/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a scheme comes into force (C2.4): consent is asked by letter, given by executing it. */
#include "app/scores/scheme.h"

#include "app/scores/scheme.sql.h"
#include "app/scores/scheme_private.h"
#include "base/hash.h"
#include "base/texts.h"

#include <string.h>

#define SCHEMES_MOST 10000 /* in force at once, of all units */

/* What the client consents to, in one text that is the same for ever. */
static const char *scheme_digest(struct ctx *cx, const struct scheme *scheme)
{
    char month[MONTH_MAX_TEXT], hex[SHA256_HEX];
    month_format(scheme->from_month, month);
    const char *text = arena_printf(
        cx->mem, "scheme\n%s %lld\nsubject %s\nname %s\nfrom %s\nrules %d\n%s\n%s\n%s\n%s",
        scheme_evaluates(scheme) ? "unit" : "contract",
        (long long)(scheme_evaluates(scheme) ? scheme->unit_id : scheme->contract_id),
        choice_name(SCHEME_SUBJECTS, scheme->subject), scheme->name, month, scheme->rule_version,
        scheme->indicators, scheme->grades, scheme->note,
        *scheme->options ? arena_printf(cx->mem, "%s\n", scheme->options) : "");
    sha256_hex(text, strlen(text), hex);
    return arena_dup(cx->mem, hex);
}

/* ---- the letter ---- */

struct consent_line {
    int64_t scheme_id;
    const char *name;
    struct month from_month;
    const char *sha256;
};
static const struct field CONSENT_FIELDS[] = {
    FIELD_REF(consent_line, scheme_id, "schemes", .in = MUST, .use = LISTED),
    FIELD(consent_line, name, .in = MUST, .max = 60, .use = LISTED),
    FIELD(consent_line, from_month, .in = MUST, .use = LISTED, .clause = "C2.4"),
    FIELD(consent_line, sha256, .in = MUST, .max = SHA256_HEX, .use = LISTED),
    FIELDS_END,
};

static enum result consent_line_check(struct ctx *cx, const struct letter *letter,
                                      const struct consent_line *line, const char *place)
{
    struct scheme scheme;
    enum result there = record_get(cx, &SCHEMES, line->scheme_id, &scheme);
    if (there != OK && there != NOT_FOUND)
        return there;
    if (there == NOT_FOUND)
        cx->fault = (struct fault){.result = OK};
    if (there == NOT_FOUND || scheme.contract_id != letter->contract_id)
        reject_clause(cx, "C2.4", place, "scheme_elsewhere");
    else if (scheme.state != SCHEME_CONSULTING || scheme.letter_id != letter->id)
        reject_clause(cx, "C2.4", place, "not_asked_here", scheme.name);
    else if (strcmp(scheme_digest(cx, &scheme), line->sha256) != 0)
        reject_clause(cx, "C2.4", place, "scheme_changed", scheme.name);
    else
        scheme_demand_month(cx, &scheme, "lines.0.from_month");
    return OK;
}

/* It is the scheme as it was when consent was asked, and its month has not begun. */
static enum result consent_check(struct ctx *cx, const struct letter *letter, const void *lines,
                                 size_t count)
{
    if (count != 1)
        reject_clause(cx, "C2.4", "lines", "one_scheme");
    else
        TRY(consent_line_check(cx, letter, lines, "lines.0.scheme_id"));
    return OK;
}

static enum result end_former(struct ctx *cx, const struct scheme *successor)
{
    struct scheme former, ended;
    int64_t id;
    TRY(db_int(
        cx, &q_scheme_current,
        PARAMS(P(successor->contract_id), P(choice_name(SCHEME_SUBJECTS, successor->subject))),
        &id));
    if (!id)
        return OK;
    TRY(record_get(cx, &SCHEMES, id, &former));
    ended = former;
    ended.to_month.months = successor->from_month.months - 1;
    ended.state = SCHEME_RETIRED;
    return record_change(cx, &SCHEMES, "retire", &former, &ended);
}

static enum result consent_execute(struct ctx *cx, const struct letter *letter, const void *lines,
                                   size_t count, const char **out_answer)
{
    const struct consent_line *line = lines;
    struct scheme scheme, after;
    char month[MONTH_MAX_TEXT];
    (void)letter;
    (void)count;
    TRY(record_get(cx, &SCHEMES, line->scheme_id, &scheme));
    TRY(end_former(cx, &scheme));
    after = scheme;
    after.state = SCHEME_IN_FORCE;
    TRY(record_change(cx, &SCHEMES, "consent", &scheme, &after));
    month_format(scheme.from_month, month);
    *out_answer = texts_fill(cx->mem, "schemes.answer", LANG_ZH,
                             (const char *const[]){scheme.name, month, NULL});
    return OK;
}

const struct letter_type LETTER_SCHEME_CONSENT = {
    .name = "scheme_consent",
    .clause = "C2.4",
    .prefix = "考核",
    .from = 1u << SIDE_PROVIDER,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = CONSENT_FIELDS,
    .line_size = sizeof(struct consent_line),
    .needs_lines = true,
    .check = consent_check,
    .execute = consent_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 5},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 1},
};

/* ---- steps ---- */

enum result scheme_consult(struct ctx *cx, const struct scheme *scheme, int64_t *out_letter_id)
{
    struct scheme after = *scheme;
    TRY(demand_right(cx, "letters.write"));
    TRY(scheme_demand_writer(cx, scheme));
    if (scheme_evaluates(scheme) || scheme->state != SCHEME_DRAFT)
        return scheme_wrong_state(cx, scheme);
    TRY(scheme_demand(cx, scheme));
    after.sha256 = scheme_digest(cx, scheme);
    const struct consent_line line = {scheme->id, scheme->name, scheme->from_month, after.sha256};
    struct letter letter = {
        .type = LETTER_SCHEME_CONSENT.name,
        .contract_id = scheme->contract_id,
        .from_side = SIDE_PROVIDER,
        .subject = texts_fill(cx->mem, "scheme_consent.about", LANG_ZH,
                              (const char *const[]){scheme->name, NULL, NULL}),
        .lines = letter_lines_text(cx->mem, &LETTER_SCHEME_CONSENT, &line, 1),
    };
    TRY(record_add(cx, &LETTERS, &letter));
    after.letter_id = letter.id;
    after.state = SCHEME_CONSULTING;
    *out_letter_id = letter.id;
    return record_change(cx, &SCHEMES, "consult", scheme, &after);
}

enum result scheme_retract(struct ctx *cx, const struct scheme *scheme)
{
    struct letter letter = {0};
    struct scheme after = *scheme;
    TRY(scheme_demand_writer(cx, scheme));
    if (scheme->state != SCHEME_CONSULTING)
        return scheme_wrong_state(cx, scheme);
    if (!scheme_evaluates(scheme))
        TRY(record_get(cx, &LETTERS, scheme->letter_id, &letter));
    if (letter.state == LETTER_SENT || letter.state == LETTER_APPROVED)
        return fail(cx, CONFLICT, "scheme.asked", scheme->name, letter.number);
    after.letter_id = 0;
    after.sha256 = "";
    after.state = SCHEME_DRAFT;
    return record_change(cx, &SCHEMES, "retract", scheme, &after);
}

enum result scheme_revise(struct ctx *cx, const struct scheme *scheme, int64_t *out_id)
{
    int64_t successor;
    struct scheme next = *scheme;
    TRY(scheme_demand_writer(cx, scheme));
    TRY(db_int(cx, &q_scheme_successor, PARAMS(P(scheme->id)), &successor));
    if (scheme->state != SCHEME_IN_FORCE || successor)
        return scheme_wrong_state(cx, scheme);
    next.id = 0;
    next.former_id = scheme->id;
    next.revision = scheme->revision + 1;
    next.from_month = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    next.from_month.months++;
    next.to_month.months = 0;
    if (!scheme_evaluates(scheme))
        next.unit_id = 0; /* the contract's: the provider refers to none */
    next.letter_id = 0;
    next.sha256 = "";
    next.approver_id = 0;
    next.approved_at = (struct instant){0};
    next.reason = "";
    TRY(record_add(cx, &SCHEMES, &next));
    *out_id = next.id;
    return OK;
}

enum result scheme_for(struct ctx *cx, int64_t contract_id, enum scheme_subject subject,
                       struct month month, struct scheme *out)
{
    int64_t id;
    char text[MONTH_MAX_TEXT];
    const char *kind = choice_name(SCHEME_SUBJECTS, subject);
    TRY(db_int(cx, &q_scheme_for, PARAMS(P(contract_id), P(kind), P(month)), &id));
    if (id)
        return record_get(cx, &SCHEMES, id, out);
    month_format(month, text);
    return fail(cx, NOT_FOUND, "scheme.none_for", arena_dup(cx->mem, text));
}

/* ---- evaluation schemes: the operations centre's word ---- */

enum result scheme_put(struct ctx *cx, const struct scheme *scheme)
{
    struct scheme after = *scheme;
    TRY(scheme_demand_writer(cx, scheme));
    if (!scheme_evaluates(scheme) || scheme->state != SCHEME_DRAFT)
        return scheme_wrong_state(cx, scheme);
    TRY(scheme_demand(cx, scheme));
    after.sha256 = scheme_digest(cx, scheme);
    after.approver_id = cx->actor->person_id; /* who put it, until another one approves */
    after.reason = "";
    after.state = SCHEME_CONSULTING;
    TRY(record_change(cx, &SCHEMES, "put", scheme, &after));
    return notice_roles(cx, scheme->client_id, scheme->unit_id, R(OPS),
                        &(struct news){.kind = "scheme.put",
                                       .subject = &SCHEMES,
                                       .subject_id = scheme->id,
                                       .title = scheme->name,
                                       .detail = scheme->unit_name});
}

static enum result demand_put(struct ctx *cx, const struct scheme *scheme)
{
    TRY(scheme_demand_writer(cx, scheme));
    if (!scheme_evaluates(scheme) || scheme->state != SCHEME_CONSULTING)
        return scheme_wrong_state(cx, scheme);
    return scheme->approver_id && scheme->approver_id == cx->actor->person_id
               ? fail(cx, FORBIDDEN, "scheme.own_approval", scheme->name)
               : OK;
}

enum result scheme_approve(struct ctx *cx, const struct scheme *scheme)
{
    struct scheme former, ended, after = *scheme;
    int64_t id;
    TRY(demand_put(cx, scheme));
    scheme_demand_month(cx, scheme, "from_month");
    TRY(rejected(cx));
    TRY(db_int(cx, &q_scheme_same,
               PARAMS(P(choice_name(SCHEME_SUBJECTS, scheme->subject)), P(scheme->unit_id),
                      P(choice_name(SERVICES, scheme->service))),
               &id));
    if (id) {
        TRY(record_get(cx, &SCHEMES, id, &former));
        ended = former;
        ended.to_month.months = scheme->from_month.months - 1;
        ended.state = SCHEME_RETIRED;
        TRY(record_change(cx, &SCHEMES, "retire", &former, &ended));
    }
    after.approver_id = cx->actor->person_id;
    after.approved_at = cx->now;
    after.state = SCHEME_IN_FORCE;
    return record_change(cx, &SCHEMES, "approve", scheme, &after);
}

enum result scheme_return(struct ctx *cx, const struct scheme *scheme, const char *reason)
{
    struct scheme after = *scheme;
    TRY(demand_put(cx, scheme));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.approver_id = 0;
    after.reason = reason;
    after.sha256 = "";
    after.state = SCHEME_DRAFT;
    return record_change(cx, &SCHEMES, "return", scheme, &after);
}

static const struct field UNIT_SCHEME_FIELDS[] = {FIELD(unit_scheme, id), FIELD(unit_scheme, path),
                                                  FIELD_ENUM(unit_scheme, service, SERVICES),
                                                  FIELDS_END};

enum result schemes_of_units(struct ctx *cx, enum scheme_subject subject, struct month month,
                             struct unit_scheme **out, size_t *out_count)
{
    return db_list(cx, &q_schemes_of_units,
                   PARAMS(P(choice_name(SCHEME_SUBJECTS, subject)), P(month)), UNIT_SCHEME_FIELDS,
                   sizeof **out, SCHEMES_MOST, out, out_count);
}

int64_t scheme_nearest(const struct unit_scheme *schemes, size_t count, const char *path,
                       enum service service)
{
    for (size_t i = 0; i < count; i++) {
        const bool fits = !schemes[i].service || schemes[i].service == service;
        if (fits && strncmp(path, schemes[i].path, strlen(schemes[i].path)) == 0)
            return schemes[i].id;
    }
    return 0;
}

enum result scheme_of_unit(struct ctx *cx, enum scheme_subject subject, int64_t unit_id,
                           enum service service, struct month month, struct scheme *out)
{
    struct unit_scheme *schemes;
    struct list list;
    const char *path;
    size_t count;
    char text[MONTH_MAX_TEXT];
    TRY(db_text(cx, &q_scheme_path, PARAMS(P(unit_id)), &path));
    TRY(schemes_of_units(cx, subject, month, &schemes, &count));
    const int64_t id = scheme_nearest(schemes, count, path, service);
    month_format(month, text);
    TRY(record_select(cx, &SCHEMES, "of_unit", "t.id = $1", PARAMS(P(id)), &list));
    if (!list.count)
        return fail(cx, NOT_FOUND, "scheme.none_for", arena_dup(cx->mem, text));
    *out = *(const struct scheme *)list.rows;
    return OK;
}

const struct right SCORE_RIGHTS[] = {
    {"schemes.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C2.4"},
    {"schemes.write", R(PROVIDER) | R(DIVISION) | R(OPS), "C2.4"},
    {"schemes.approve", R(OPS), "V6.1.1"},
    {"schemes.try", R_PROVIDER_SIDE,
     "C2.4"}, /* people's results are not shown to the client, nor to agents */
    RIGHTS_END,
};
