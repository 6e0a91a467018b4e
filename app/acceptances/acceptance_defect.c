/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is to be mended: defects found at the acceptance, and claims while the warranty runs. */
#include "app/acceptances/acceptance.sql.h"
#include "app/acceptances/acceptance_private.h"
#include "base/doc.h"

static const char *const KINDS[] = {"defect", "claim", NULL};
static const char *const STATES[] = {"issued", "answered", "closed", "charged", "withdrawn", NULL};
#define COST_MOST (100 * 1000 * 1000 * INT64_C(100))

static const struct field DEFECT_FIELDS[] = {
    RECORD_FIELDS(acceptance_defect),
    FIELD_REF(acceptance_defect, acceptance_id, "acceptances", .among = "state=final", .in = MUST,
              .use = FIXED | FILTERED, .clause = "X3"),
    FIELD_ENUM(acceptance_defect, kind, KINDS, .use = LISTED | FILTERED),
    FIELD_ENUM(acceptance_defect, acceptance_state, ACCEPTANCE_STATES, .column = "a.state",
               .use = HIDDEN | NO_DIFF),
    FIELD_REF(acceptance_defect, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(acceptance_defect, contract_name, .column = "c.name", .use = LISTED),
    FIELD(acceptance_defect, provider_name, .column = "o.name"),
    FIELD(acceptance_defect, term, .in = MAY, .max = 20, .use = FIXED | LISTED),
    FIELD(acceptance_defect, found, .in = MUST, .max = WORDS_MOST,
          .use = FIXED | LISTED | LONG_TEXT),
    FIELD_REF(acceptance_defect, issuer_id, "people", .use = NO_DIFF),
    FIELD(acceptance_defect, issued_by, .column = "COALESCE(i.name, '')"),
    FIELD(acceptance_defect, due_on, .in = MUST, .use = FIXED | LISTED),
    FIELD(acceptance_defect, due_at, .use = HIDDEN),
    FIELD(acceptance_defect, round),
    FIELD(acceptance_defect, answer, .use = LONG_TEXT),
    FIELD_REF(acceptance_defect, answerer_id, "people", .use = NO_DIFF),
    FIELD(acceptance_defect, answered_by, .column = "COALESCE(w.name, '')"),
    FIELD(acceptance_defect, answered_at),
    FIELD(acceptance_defect, late, .use = LISTED | FILTERED),
    FIELD_REF(acceptance_defect, judge_id, "people", .use = NO_DIFF),
    FIELD(acceptance_defect, judged_by, .column = "COALESCE(j.name, '')"),
    FIELD(acceptance_defect, judged_at),
    FIELD(acceptance_defect, reason, .use = LONG_TEXT),
    FIELD(acceptance_defect, cost_fen, .use = LISTED),
    FIELD_REF(acceptance_defect, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD_REF(acceptance_defect, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(acceptance_defect, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD_ENUM(acceptance_defect, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct field DEFECT_CHARGING[] = {
    FIELD(acceptance_defect, cost_fen, .in = MUST, .min = 1, .max = COST_MOST),
    FIELD(acceptance_defect, reason, .in = MUST, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

static void belongs_to(struct acceptance_defect *defect, const struct acceptance *acceptance)
{
    defect->acceptance_id = acceptance->id;
    defect->contract_id = acceptance->contract_id;
    defect->provider_id = acceptance->provider_id;
    defect->client_id = acceptance->client_id;
    defect->unit_id = acceptance->unit_id;
}

static bool has_warranty(const struct ctx *cx, const struct acceptance *acceptance)
{
    return acceptance->state == ACCEPTANCE_FINAL &&
           acceptance->warranty_ends_on.days >= instant_date(cx->now, SHANGHAI_OFFSET_MIN).days;
}

/* A claim: by the client, while the warranty runs. */
static enum result defect_check(struct ctx *cx, void *record, const void *before)
{
    struct acceptance_defect *defect = record;
    struct acceptance acceptance;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    if (before || !defect->acceptance_id || defect->kind == DEFECT_OF_ACCEPTANCE)
        return OK;
    TRY(record_get(cx, &ACCEPTANCES, defect->acceptance_id, &acceptance));
    belongs_to(defect, &acceptance);
    defect->kind = DEFECT_IN_WARRANTY;
    if (!cx->actor->is_system && cx->actor->side != SIDE_CLIENT)
        reject_clause(cx, "X3", "acceptance_id", "client_claims");
    else if (!has_warranty(cx, &acceptance))
        reject_clause(cx, "X3", "acceptance_id", "no_warranty");
    if (defect->due_on.days && defect->due_on.days < today.days)
        reject_clause(cx, "X3", "due_on", "in_the_past");
    defect->issuer_id = cx->actor->person_id;
    defect->due_at = day_end(defect->due_on);
    defect->round = 1;
    defect->state = DEFECT_ISSUED;
    return OK;
}

static enum result tell(struct ctx *cx, const struct acceptance_defect *defect, const char *kind,
                        bool to_provider, const char *detail)
{
    const struct news news = {.kind = kind,
                              .subject = &ACCEPTANCE_DEFECTS,
                              .subject_id = defect->id,
                              .title = defect->found,
                              .detail = detail};
    return to_provider ? notice_roles(cx, defect->provider_id, 0, R(PROVIDER) | R(DUTY), &news)
                       : notice_roles(cx, defect->client_id, defect->unit_id, R(PM), &news);
}

static enum result tell_issued(struct ctx *cx, const struct acceptance_defect *defect)
{
    char due[DATE_MAX_TEXT];
    date_format(defect->due_on, due);
    return tell(cx, defect, "acceptance_defect.issued", true, arena_dup(cx->mem, due));
}

static enum result defect_saved(struct ctx *cx, const void *record, const void *before)
{
    return before ? OK : tell_issued(cx, record);
}

/* The provider adds none: claims are the client's, while the warranty runs. */
static enum result defect_open(struct ctx *cx, const void *record)
{
    const struct acceptance_defect *defect = record;
    struct acceptance acceptance;
    if (defect->id)
        return OK;
    if (cx->actor->side != SIDE_CLIENT)
        return fail(cx, FORBIDDEN, "acceptance_defect.client_claims");
    if (!defect->acceptance_id)
        return OK;
    TRY(record_get(cx, &ACCEPTANCES, defect->acceptance_id, &acceptance));
    return has_warranty(cx, &acceptance)
               ? OK
               : fail(cx, CONFLICT, "acceptance_defect.no_warranty", acceptance.name);
}

static enum result wrong_state(struct ctx *cx, const struct acceptance_defect *defect)
{
    return fail(cx, CONFLICT, "acceptance_defect.wrong_state", defect->found);
}

static enum result defect_attach(struct ctx *cx, int64_t id)
{
    struct acceptance_defect defect;
    TRY(record_get(cx, &ACCEPTANCE_DEFECTS, id, &defect));
    return defect.state <= DEFECT_ANSWERED ? OK : wrong_state(cx, &defect);
}

const struct resource ACCEPTANCE_DEFECTS = {
    .name = "acceptance_defects",
    .clause = "X3",
    .fields = DEFECT_FIELDS,
    .size = sizeof(struct acceptance_defect),
    .joins = "JOIN acceptances a ON a.id = t.acceptance_id JOIN contracts c ON c.id = "
             "t.contract_id JOIN organisations o ON o.id = t.provider_id LEFT JOIN people i ON "
             "i.id = t.issuer_id LEFT JOIN people w ON w.id = "
             "t.answerer_id LEFT JOIN people j ON j.id = t.judge_id",
    .title = "found",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .check = defect_check,
    .open = defect_open,
    .saved = defect_saved,
    .attach = defect_attach,
};

/* ---- of a decision ---- */

enum result defects_issue(struct ctx *cx, const struct acceptance *acceptance)
{
    struct frozen_line *lines;
    size_t count;
    /* The signatures may have taken longer than the panel thought. */
    const struct instant least = due_of(cx, &ACCEPTANCE_DUTIES[MEND_IT], cx->now);
    if (acceptance->outcome != OUTCOME_WITH_DEFECTS)
        return OK;
    if (!json_rows_read(cx->mem, acceptance->lines, FROZEN_LINE_FIELDS, sizeof *lines,
                        CHECK_LINES_MOST, &lines, &count))
        return fail(cx, BROKEN, "acceptance.broken", acceptance->name);
    for (size_t i = 0; i < count; i++) {
        struct acceptance_defect defect = {.kind = DEFECT_OF_ACCEPTANCE};
        if (lines[i].result != CHECK_DEFECT)
            continue;
        fields_blank(DEFECT_FIELDS, &defect);
        belongs_to(&defect, acceptance);
        defect.term = lines[i].term;
        defect.found = lines[i].note;
        defect.issuer_id = acceptance->lead_id;
        defect.due_on = lines[i].due_on;
        defect.due_at = day_end(lines[i].due_on);
        if (defect.due_at.ms < least.ms) {
            defect.due_at = least;
            defect.due_on = instant_date(least, SHANGHAI_OFFSET_MIN);
        }
        defect.round = 1;
        defect.state = DEFECT_ISSUED;
        TRY(record_add(cx, &ACCEPTANCE_DEFECTS, &defect));
    }
    return OK;
}

enum result defects_withdraw(struct ctx *cx, const struct acceptance *acceptance)
{
    struct list list;
    TRY(record_select(cx, &ACCEPTANCE_DEFECTS, "fallen",
                      "t.acceptance_id = $1 AND t.state <> 'withdrawn' ORDER BY t.id LIMIT 300",
                      PARAMS(P(acceptance->id)), &list));
    const struct acceptance_defect *defects = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct acceptance_defect after = defects[i];
        after.state = DEFECT_WITHDRAWN;
        TRY(record_change(cx, &ACCEPTANCE_DEFECTS, "withdraw", &defects[i], &after));
    }
    return OK;
}

/* ---- mended, and looked at again ---- */

bool defect_is_late(const struct ctx *cx, const struct acceptance_defect *defect)
{
    return defect->state == DEFECT_ISSUED && defect->due_at.ms < cx->now.ms;
}

bool defect_is_chargeable(const struct ctx *cx, const struct acceptance_defect *defect)
{
    return defect_is_late(cx, defect) && defect->acceptance_state == ACCEPTANCE_FINAL;
}

enum result defect_answer(struct ctx *cx, const struct acceptance_defect *defect,
                          const char *answer, size_t photos)
{
    struct acceptance_defect after = *defect;
    int64_t kept;
    if (cx->actor->organisation_id != defect->provider_id)
        return fail(cx, FORBIDDEN, "acceptance_defect.provider_answers", defect->provider_name);
    if (defect->state != DEFECT_ISSUED)
        return wrong_state(cx, defect);
    TRY(db_int(cx, &q_defect_papers,
               PARAMS(P(defect->id), P(defect->judged_at), P(defect->provider_id)), &kept));
    if (!photos && !kept)
        reject_clause(cx, "X3", "photos", "photo_wanted");
    check_words(cx, "answer", answer, WORDS_MOST);
    TRY(rejected(cx));
    after.answer = answer;
    after.answerer_id = cx->actor->person_id;
    after.answered_at = cx->now;
    after.late = defect->late || defect_is_late(cx, defect);
    after.state = DEFECT_ANSWERED;
    TRY(record_change(cx, &ACCEPTANCE_DEFECTS, "answer", defect, &after));
    return tell(cx, &after, "acceptance_defect.answered", false, after.contract_name);
}

static enum result judged(struct ctx *cx, struct acceptance_defect *after, enum defect_state state,
                          const char *reason)
{
    if (cx->actor->organisation_id != after->client_id)
        return fail(cx, FORBIDDEN, "acceptance_defect.client_judges");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after->judge_id = cx->actor->person_id;
    after->judged_at = cx->now;
    after->reason = reason;
    after->state = state;
    return OK;
}

enum result defect_close(struct ctx *cx, const struct acceptance_defect *defect, const char *reason)
{
    struct acceptance_defect after = *defect;
    if (defect->state != DEFECT_ANSWERED)
        return wrong_state(cx, defect);
    TRY(judged(cx, &after, DEFECT_CLOSED, reason));
    TRY(record_change(cx, &ACCEPTANCE_DEFECTS, "close", defect, &after));
    return tell(cx, &after, "acceptance_defect.closed", true, after.contract_name);
}

enum result defect_again(struct ctx *cx, const struct acceptance_defect *defect, const char *reason)
{
    struct acceptance_defect after = *defect;
    if (defect->state != DEFECT_ANSWERED)
        return wrong_state(cx, defect);
    TRY(judged(cx, &after, DEFECT_ISSUED, reason));
    after.round++;
    after.due_at = due_of(cx, &ACCEPTANCE_DUTIES[MEND_IT], cx->now);
    after.due_on = instant_date(after.due_at, SHANGHAI_OFFSET_MIN);
    TRY(record_change(cx, &ACCEPTANCE_DEFECTS, "again", defect, &after));
    return tell_issued(cx, &after);
}

enum result defect_charge(struct ctx *cx, const struct acceptance_defect *defect, struct money cost,
                          const char *reason)
{
    struct acceptance_defect after = *defect;
    int64_t kept;
    if (!defect_is_late(cx, defect))
        return defect->state == DEFECT_ISSUED
                   ? fail(cx, CONFLICT, "acceptance_defect.in_time", defect->found)
                   : wrong_state(cx, defect);
    if (!defect_is_chargeable(cx, defect))
        return fail(cx, CONFLICT, "acceptance_defect.not_final", defect->found);
    TRY(db_int(cx, &q_defect_papers, PARAMS(P(defect->id), P(defect->due_at), P(defect->client_id)),
               &kept));
    if (!kept)
        return fail(cx, CONFLICT, "acceptance_defect.no_evidence", defect->found);
    TRY(judged(cx, &after, DEFECT_CHARGED, reason));
    after.cost_fen = cost;
    after.late = true;
    TRY(record_change(cx, &ACCEPTANCE_DEFECTS, "charge", defect, &after));
    return tell(cx, &after, "acceptance_defect.charged", true, reason);
}
