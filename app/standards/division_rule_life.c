/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How rules of a division are filed with the operations centre, and followed by others. */
#include "app/standards/division_rule.sql.h"
#include "app/standards/standard_private.h"

#include "app/notices/notice.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"

#include <string.h>

/* V6.1.1 says what they are about: no part of it is left out. */
static void demand_parts(struct ctx *cx, const struct division_rule *rules)
{
    const struct {
        const char *name, *text;
    } PARTS[] = {{"contracting", rules->contracting},
                 {"standards", rules->standards},
                 {"evaluation", rules->evaluation},
                 {"assessment", rules->assessment}};
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        if (!*text_plain(cx->mem, PARTS[i].text))
            reject_clause(cx, "V6.1.1", PARTS[i].name, "required");
}

static enum result former_of(struct ctx *cx, const struct division_rule *rules,
                             struct division_rule *out)
{
    int64_t id;
    *out = (struct division_rule){.id = 0};
    TRY(db_int(cx, &q_division_rule_current, PARAMS(P(rules->unit_id)), &id));
    return id ? record_get(cx, &DIVISION_RULES, id, out) : OK;
}

static enum result end_former(struct ctx *cx, const struct division_rule *former, struct date from)
{
    struct division_rule ended = *former;
    if (!former->id)
        return OK;
    ended.to = date_add(from, -1);
    ended.state = RULES_RETIRED;
    return record_change(cx, &DIVISION_RULES, "replace", former, &ended);
}

static enum result tell(struct ctx *cx, const struct division_rule *rules, const char *kind,
                        int64_t unit_id, uint64_t roles, const char *detail)
{
    const struct news news = {.kind = kind,
                              .subject = &DIVISION_RULES,
                              .subject_id = rules->id,
                              .title = rules->name,
                              .detail = detail};
    return notice_roles(cx, rules->organisation_id, unit_id, roles, &news);
}

enum result division_rule_file(struct ctx *cx, const struct division_rule *rules,
                               const char *sha256_seen)
{
    struct division_rule after = *rules, former;
    if (rules->state != RULES_DRAFT)
        return division_rule_wrong_state(cx, rules);
    TRY(former_of(cx, rules, &former));
    demand_parts(cx, rules);
    if (former.id && rules->from.days <= former.from.days)
        reject_clause(cx, "V3.4", "from", "before_former", former.name);
    TRY(rejected(cx));
    after.sha256 = record_digest(cx->mem, &DIVISION_RULES, rules);
    if (strcmp(after.sha256, sha256_seen) != 0)
        return fail(cx, CONFLICT, "division_rule.changed", rules->name);
    TRY(signature_put(cx, &DIVISION_RULES, rules->id, "filer", after.sha256));
    trail_add(cx, "sign", &DIVISION_RULES, rules, "", after.sha256);
    TRY(end_former(cx, &former, rules->from));
    after.filer_id = cx->actor->person_id;
    after.filed_by = cx->actor->person_name;
    after.filed_at = cx->now;
    after.state = RULES_FILED;
    TRY(record_change(cx, &DIVISION_RULES, "file", rules, &after));
    TRY(duty_meet(cx, "file_rules", rules->unit_id, ""));
    return tell(cx, &after, "division_rule.filed", 0, R(OPS), after.filed_by);
}

enum result division_rule_receive(struct ctx *cx, const struct division_rule *rules)
{
    struct division_rule after = *rules;
    int64_t last;
    if (rules->state != RULES_FILED)
        return division_rule_wrong_state(cx, rules);
    if (rules->filer_id && rules->filer_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "division_rule.own", rules->name);
    after.year = date_ymd(instant_date(cx->now, SHANGHAI_OFFSET_MIN)).year;
    TRY(db_int(cx, &q_division_rule_last_receipt, PARAMS(P(after.year)), &last));
    after.serial = (int32_t)last + 1;
    after.receipt = arena_printf(cx->mem, "细则-%d-%04d", after.year, after.serial);
    after.received_by = cx->actor->person_name;
    after.received_at = cx->now;
    after.state = RULES_RECEIVED;
    TRY(record_change(cx, &DIVISION_RULES, "receive", rules, &after));
    return tell(cx, &after, "division_rule.received", rules->unit_id, R(DIVISION), after.receipt);
}

enum result division_rule_revise(struct ctx *cx, const struct division_rule *rules, int64_t *out_id)
{
    struct division_rule next = *rules;
    if (rules->state == RULES_DRAFT)
        return division_rule_wrong_state(cx, rules);
    next.id = next.version = next.filer_id = 0;
    next.revision = rules->revision + 1;
    next.former_id = rules->id;
    next.from = date_add(instant_date(cx->now, SHANGHAI_OFFSET_MIN), 1);
    next.to = (struct date){0};
    next.filed_by = next.receipt = next.received_by = next.sha256 = "";
    next.filed_at = next.received_at = (struct instant){0};
    next.year = next.serial = 0;
    TRY(record_add(cx, &DIVISION_RULES, &next));
    *out_id = next.id;
    return OK;
}
