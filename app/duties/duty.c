/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/session.h"
#include "app/duties/calendar_day.h"
#include "app/duties/duty.sql.h"
#include "app/duties/duty_private.h"

#include <stdlib.h>
#include <string.h>

const char *const DUTY_STATES[] = {"open", "met", "overdue", "waived", NULL};

static const struct field DUTY_FIELDS[] = {
    RECORD_FIELDS(duty),
    FIELD(duty, rule, .use = FILTERED),
    FIELD(duty, clause, .use = LISTED | FILTERED),
    FIELD(duty, subject, .use = FILTERED),
    FIELD(duty, subject_id, .use = FILTERED),
    FIELD(duty, title, .use = LISTED),
    FIELD(duty, period, .use = FILTERED),
    FIELD_REF(duty, contract_id, "contracts", .use = FILTERED),
    FIELD(duty, internal, .use = HIDDEN | NO_DIFF),
    FIELD_REF(duty, organisation_id, "organisations", .use = FILTERED),
    FIELD(duty, organisation_name, .column = "o.name"),
    FIELD_REF(duty, unit_id, "units", .use = FILTERED),
    FIELD(duty, unit_name, .column = "u.name", .use = LISTED),
    FIELD_ENUM(duty, owner_side, SIDES, .use = FILTERED),
    FIELD(duty, owner_role, .use = LISTED | FILTERED),
    FIELD_REF(duty, owner_id, "people", .use = FILTERED),
    FIELD(duty, owner_name, .column = "p.name", .use = LISTED),
    FIELD(duty, opened_at),
    FIELD(duty, due_at, .use = LISTED | FILTERED | SORTED),
    FIELD(duty, met_at),
    FIELD(duty, next_at, .use = HIDDEN),
    FIELD_ENUM(duty, state, DUTY_STATES, .use = LISTED | FILTERED),
    FIELD(duty, level, .use = LISTED),
    FIELD(duty, reason, .use = LONG_TEXT),
    FIELD(duty, days_left, .use = DERIVED),
    FIELD(duty, live, .use = FILTERED),
    FIELDS_END,
};

static void duty_derive(struct ctx *cx, void *record)
{
    struct duty *duty = record;
    duty->days_left = instant_date(duty->due_at, SHANGHAI_OFFSET_MIN).days -
                      instant_date(cx->now, SHANGHAI_OFFSET_MIN).days;
}

const struct resource DUTIES = {
    .name = "duties",
    .fields = DUTY_FIELDS,
    .size = sizeof(struct duty),
    .joins =
        "JOIN organisations o ON o.id = t.organisation_id LEFT JOIN units u ON u.id = t.unit_id "
        "LEFT JOIN people p ON p.id = t.owner_id",
    .title = "title",
    .sort = "-id",
    .scope =
        {
            /* asks for the contracts of the rows of a list, and not for all of them first */
            [SIDE_CLIENT] =
                "@organisation_id = :org OR (@owner_side = 'provider' AND @internal = FALSE AND "
                "(@contract_id IS NULL OR (SELECT c.client_id FROM contracts c WHERE c.id = "
                "@contract_id) = :org))",
            [SIDE_PROVIDER] = "@organisation_id = :org",
        },
    .unit = "unit_id",
    .derive = duty_derive,
};

/* ---- rules ---- */

#define RULES_MAX 256

static const struct duty_rule *rules[RULES_MAX + 1];

void duties_use(const struct duty_rule *const *tables, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        for (const struct duty_rule *rule = tables[i]; rule->name; rule++) {
            if (kept == RULES_MAX)
                abort(); /* a rule left out would be owed by nobody */
            rules[kept++] = rule;
        }
    rules[kept] = NULL;
}

const struct duty_rule *duty_rule_at(size_t index)
{
    return rules[index];
}

const struct duty_rule *duty_rule_find(const char *name)
{
    for (size_t i = 0; rules[i]; i++)
        if (strcmp(rules[i]->name, name) == 0)
            return rules[i];
    return NULL;
}

/* ---- deadlines ---- */

void duty_of_client(struct duty *duty, int64_t organisation_id, int64_t unit_id, enum role role)
{
    duty->organisation_id = organisation_id;
    duty->unit_id = unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[role - 1];
}

struct instant due_of(struct ctx *cx, const struct duty_rule *rule, struct instant start)
{
    return calendar_due(cx, &rule->due, start);
}

struct instant day_end(struct date date)
{
    return (struct instant){instant_of(date_add(date, 1), 0, SHANGHAI_OFFSET_MIN).ms - 1};
}

/* ---- by people and by other records ---- */

enum result duty_meet(struct ctx *cx, const char *rule, int64_t subject_id, const char *period)
{
    struct list open;
    TRY(record_select(cx, &DUTIES, "to_meet",
                      "t.subject_id = $1 AND t.rule = $2 AND t.period = $3 AND "
                      "t.state IN ('open', 'overdue')",
                      PARAMS(P(subject_id), P(rule), P(period)), &open));
    const struct duty *duty = open.rows;
    return open.count ? db_change_one(cx, &q_duty_close,
                                      PARAMS(P(duty->id), P(cx->now), P(DUTY_STATES[DUTY_MET - 1])))
                      : OK;
}

enum result duty_waive(struct ctx *cx, const struct duty *duty, const char *reason)
{
    struct duty after = *duty;
    if (duty->state != DUTY_OPEN && duty->state != DUTY_OVERDUE)
        return fail(cx, CONFLICT, "duty.not_open", duty->title);
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.state = DUTY_WAIVED;
    after.reason = reason;
    after.met_at = cx->now;
    after.next_at = (struct instant){0};
    after.live = false;
    return record_change(cx, &DUTIES, "waive", duty, &after);
}

/* ---- what is live ---- */

/* One row more than the page tells that there is another one. */
#define MOST_URGENT(due, id)                                                                       \
    " AND t.live = TRUE AND (t.due_at, t.id) > (" due ", " id ") ORDER BY t.due_at, t.id LIMIT 51"

static int by_due(const void *a, const void *b)
{
    const struct duty *left = a, *right = b;
    if (left->due_at.ms != right->due_at.ms)
        return left->due_at.ms < right->due_at.ms ? -1 : 1;
    return (left->id > right->id) - (left->id < right->id);
}

static void page_end(struct ctx *cx, struct list *list)
{
    if (list->count <= DUTY_PAGE)
        return;
    list->count = DUTY_PAGE;
    const struct duty *last = (const struct duty *)list->rows + DUTY_PAGE - 1;
    list->next =
        arena_printf(cx->mem, "%lld~%lld", (long long)last->due_at.ms, (long long)last->id);
}

/* The last row of the page before. */
struct after {
    struct instant due;
    int64_t id;
};

static enum result page_begin(struct ctx *cx, const char *cursor, struct after *out)
{
    const size_t len = strcspn(cursor, "~");
    *out = (struct after){{0}, 0};
    if (!*cursor || (cursor[len] && int_parse(arena_copy(cx->mem, cursor, len), &out->due.ms) &&
                     int_parse(cursor + len + 1, &out->id)))
        return OK;
    return fail(cx, INVALID, "list.bad_cursor");
}

/* Where an actor who sees more than one unit sees it: the client's below the centres what hangs
 * under their own, everybody else the whole organisation. */
struct reach {
    const char *from, *to;
};
static struct reach reach_of(const struct actor *actor)
{
    const bool below = actor->side == SIDE_CLIENT && !actor->sees_company;
    return below ? (struct reach){actor->path_from, actor->path_to} : (struct reach){"/", "0"};
}

static bool sees_one_unit(const struct actor *actor)
{
    return actor->side == SIDE_CLIENT && !actor->sees_company && actor->is_leaf_unit;
}

/* Whose duties are asked for, from where on, and under which rules: "" all, or their names with
 * spaces around each. */
struct asking {
    const struct actor *actor;
    struct after after;
    const char *rules;
};
#define UNDER_RULES(rules) " AND (" rules " = '' OR " rules " LIKE '% ' || t.rule || ' %')"

static enum result owed_by_role(struct ctx *cx, const struct asking *asking, const char *role,
                                struct list *out)
{
    const struct actor *actor = asking->actor;
    const struct after *after = &asking->after;
    const struct reach reach = reach_of(actor);
    if (sees_one_unit(actor))
        return record_select(cx, &DUTIES, "role_in_unit",
                             "t.unit_id = $1 AND t.owner_role = $2 AND t.owner_id IS "
                             "NULL" UNDER_RULES("$5") MOST_URGENT("$3", "$4"),
                             PARAMS(P(actor->unit_id), P(role), P(after->due),
                                    param_number(after->id), P(asking->rules)),
                             out);
    return record_select(cx, &DUTIES, "role",
                         "t.organisation_id = $1 AND t.owner_role = $2 AND t.owner_id IS NULL AND "
                         "(t.unit_id IS NULL OR (u.path >= $3 AND u.path < "
                         "$4))" UNDER_RULES("$7") MOST_URGENT("$5", "$6"),
                         PARAMS(P(actor->organisation_id), P(role), P(reach.from), P(reach.to),
                                P(after->due), param_number(after->id), P(asking->rules)),
                         out);
}

static void append(struct list *all, const struct list *part)
{
    if (part->count)
        memcpy((struct duty *)all->rows + all->count, part->rows,
               part->count * sizeof(struct duty));
    all->count += part->count;
}

static enum result append_owed(struct ctx *cx, const struct asking *asking, struct list *all)
{
    struct list part;
    TRY(record_select(cx, &DUTIES, "person",
                      "t.owner_id = $1" UNDER_RULES("$4") MOST_URGENT("$2", "$3"),
                      PARAMS(P(asking->actor->person_id), P(asking->after.due),
                             param_number(asking->after.id), P(asking->rules)),
                      &part));
    append(all, &part);
    for (unsigned role = 1; role < ROLE_COUNT; role++) {
        if (!(asking->actor->roles.bits >> (role - 1) & 1))
            continue;
        TRY(owed_by_role(cx, asking, ROLES[role - 1], &part));
        append(all, &part);
    }
    return OK;
}

/* The most urgent first, each once: an absent colleague's may be the actor's own, too. */
static void in_order(struct list *list)
{
    struct duty *duties = list->rows;
    size_t kept = 0;
    qsort(duties, list->count, sizeof *duties, by_due);
    for (size_t i = 0; i < list->count; i++)
        if (!kept || duties[kept - 1].id != duties[i].id)
            duties[kept++] = duties[i];
    list->count = kept;
}

static const char *delegable_rules(struct ctx *cx)
{
    struct text names = text_new(cx->mem, 128);
    text_putc(&names, ' ');
    for (size_t i = 0; rules[i]; i++)
        if (rules[i]->delegable)
            text_printf(&names, "%s ", rules[i]->name);
    return text_end(&names);
}

struct absent {
    int64_t id;
};
static const struct field ABSENT_FIELDS[] = {FIELD(absent, id), FIELDS_END};
#define ABSENT_MOST 20

enum result absent_list(struct ctx *cx, struct actor **out, size_t *out_count)
{
    struct absent *absent;
    size_t count;
    *out_count = 0;
    TRY(db_list(
        cx, &q_absent,
        PARAMS(param_number(cx->actor->person_id), P(instant_date(cx->now, SHANGHAI_OFFSET_MIN))),
        ABSENT_FIELDS, sizeof *absent, ABSENT_MOST, &absent, &count));
    *out = ARENA_ARRAY(cx->mem, struct actor, count);
    for (size_t i = 0; i < count; i++) {
        struct identity identity;
        const enum result found = identity_of_account(cx, absent[i].id, &identity);
        if (found == OK)
            identity_actor(cx->mem, &identity, &(*out)[(*out_count)++]);
        else if (found != NOT_FOUND) /* disabled, or gone: there is nobody to stand in for */
            return found;
    }
    return OK;
}

enum result duties_mine(struct ctx *cx, const char *cursor, struct list *out)
{
    struct asking asking = {.actor = cx->actor, .rules = ""};
    struct actor *absent;
    size_t absent_count;
    TRY(page_begin(cx, cursor, &asking.after));
    TRY(absent_list(cx, &absent, &absent_count));
    *out = (struct list){.rows = ARENA_ARRAY(cx->mem, struct duty,
                                             (absent_count + 1) * (DUTY_PAGE + 1) * ROLE_COUNT)};
    TRY(append_owed(cx, &asking, out));
    asking.rules = delegable_rules(cx);
    for (size_t i = 0; i < absent_count; i++) {
        asking.actor = &absent[i];
        TRY(append_owed(cx, &asking, out));
    }
    in_order(out);
    page_end(cx, out);
    return OK;
}

enum result duties_around(struct ctx *cx, const char *cursor, struct list *out)
{
    const struct actor *actor = cx->actor;
    const struct reach reach = reach_of(actor);
    struct after after;
    TRY(page_begin(cx, cursor, &after));
    if (sees_one_unit(actor))
        TRY(record_select(cx, &DUTIES, "unit", "t.unit_id = $1" MOST_URGENT("$2", "$3"),
                          PARAMS(P(actor->unit_id), P(after.due), param_number(after.id)), out));
    else
        TRY(record_select(cx, &DUTIES, "organisation",
                          "t.organisation_id = $1 AND (t.unit_id IS NULL OR (u.path >= $2 AND "
                          "u.path < $3))" MOST_URGENT("$4", "$5"),
                          PARAMS(P(actor->organisation_id), P(reach.from), P(reach.to),
                                 P(after.due), param_number(after.id)),
                          out));
    page_end(cx, out);
    return OK;
}

const struct right DUTY_RIGHTS[] = {
    {"duties.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, NULL},
    {"duties.unit", R(OPS) | R(DIVISION) | R(PM) | R(AUDIT) | R(PROVIDER) | R(DUTY), NULL},
    {"duties.waive", R(OPS) | R(DIVISION), NULL},
    RIGHTS_END,
};
