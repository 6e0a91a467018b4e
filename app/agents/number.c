/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The register of numbers, and who may show them on which contract (C1.2). */
#include "app/agents/agent.sql.h"
#include "app/agents/agent_private.h"

#include <string.h>

const char *const NUMBER_STATES[] = {"active", "suspended", "retired", NULL};
const char *const PERMISSION_STATES[] = {"active", "ended", NULL};

/* ---- spelling ---- */

/* What was typed in plain letters, perhaps in `room`; NULL when it does not fit. As call systems
 * write numbers, which the gate reads by the thousand, it is plain already. */
static const char *plain_of(const char *typed, char *room, size_t cap)
{
    const char *c = typed;
    while (*c >= ' ' && *c <= '~')
        c++;
    if (!*c)
        return typed;
    return text_plain_in(typed, room, cap) ? room : NULL;
}

/* The digits of what was typed, with a + before them when it was international; false when there is
 * anything else in it. */
static bool digits_of(const char *typed, char out[NUMBER_TEXT])
{
    char room[64];
    size_t len = 0;
    const char *c = plain_of(typed, room, sizeof room);
    for (; c && *c; c++) {
        const bool is_digit = *c >= '0' && *c <= '9';
        if (!is_digit && strchr(" -()./", *c))
            continue;
        if ((!is_digit && (*c != '+' || len)) || len == NUMBER_TEXT - 1)
            return false;
        out[len++] = *c;
    }
    out[len] = '\0';
    return len > 0;
}

static bool begins(const char *digits, const char *with)
{
    return strncmp(digits, with, strlen(with)) == 0;
}

static bool is_mobile(const char *digits, size_t len)
{
    return digits[0] == '1' && digits[1] >= '3' && len == 11;
}

/* 400 820 8820 */
static bool is_free(const char *digits)
{
    return begins(digits, "400") || begins(digits, "800");
}

/* Area code and number, without the 0 before them: 571 8888 1234, 10 6600 0000. */
static bool has_area(const char *digits, size_t len)
{
    return (begins(digits, "10") || digits[0] >= '2') && len >= 9 && len <= 11 && !is_free(digits);
}

/* 95xxx, 96xxx, 12345, 10086, and those that are called free of charge. */
static bool is_service(const char *digits, size_t len)
{
    const bool is_short =
        begins(digits, "95") || begins(digits, "96") || (digits[0] == '1' && digits[1] <= '2');
    return is_free(digits) ? len == 10 : is_short && len >= 5 && len <= 8;
}

/* A number of China, as it is dialled there or behind its country's code: what stands behind +86.
 * Some write the 0 of a trunk call behind the code, too. NULL: none. */
static const char *national(const char *digits, bool is_behind_code)
{
    const bool has_zero = *digits == '0';
    const char *rest = digits + has_zero;
    const size_t len = strlen(rest);
    const bool is_one = is_mobile(rest, len) || (!has_zero && is_service(rest, len)) ||
                        ((has_zero || is_behind_code) && has_area(rest, len));
    return is_one ? rest : NULL;
}

/* After + or 00, or 86 before a whole number: the digits with the country's. NULL: none there. */
static const char *international(const char *digits)
{
    if (digits[0] == '+')
        return digits + 1;
    if (begins(digits, "00") && digits[2] != '0')
        return digits + 2;
    return begins(digits, "86") && strlen(digits) >= 12 ? digits : NULL;
}

bool number_normalise(const char *typed, char out[NUMBER_TEXT])
{
    char digits[NUMBER_TEXT] = "";
    out[0] = '\0';
    if (!digits_of(typed, digits))
        return false;
    const char *whole = international(digits), *country = "+86", *rest;
    if (whole && !begins(whole, "86")) {
        const size_t len = strlen(whole);
        country = "+";
        rest = len >= 7 && len <= 15 && *whole != '0' ? whole : NULL;
    } else
        rest = whole ? national(whole + 2, true) : national(digits, false);
    if (!rest || strlen(country) + strlen(rest) >= NUMBER_TEXT)
        return false;
    memcpy(out, country, strlen(country));
    memcpy(out + strlen(country), rest, strlen(rest) + 1);
    return true;
}

bool number_valid(const char *typed)
{
    char normal[NUMBER_TEXT];
    return number_normalise(typed, normal);
}

/* ---- numbers ---- */

static const struct field NUMBER_FIELDS[] = {
    RECORD_FIELDS(number),
    FIELD(number, shown, .use = LISTED | SEARCHED | NO_DIFF),
    FIELD(number, number, .in = MUST, .max = 40, .use = SEARCHED | FIXED, .valid = number_valid,
          .clause = "C1.2"),
    FIELD_REF(number, owner_id, "organisations", .in = MAY, .use = FIXED | FILTERED),
    FIELD(number, owner_name, .column = "o.name", .use = LISTED),
    FIELD(number, carrier, .in = MUST, .max = 60, .use = LISTED),
    FIELD(number, proof, .in = MUST, .max = 200, .use = LISTED),
    FIELD(number, purpose, .in = MAY, .max = 200, .use = LISTED),
    FIELD_ENUM(number, state, NUMBER_STATES, .use = LISTED | FILTERED),
    FIELD(number, state_reason, .use = LONG_TEXT),
    FIELD(number, search_key, .use = HIDDEN),
    FIELDS_END,
};

static bool owns(const struct ctx *cx, int64_t owner_id)
{
    return cx->actor->is_system || cx->actor->organisation_id == owner_id;
}

static enum result number_check(struct ctx *cx, void *record, const void *before)
{
    struct number *number = record, known = {.id = 0};
    char normal[NUMBER_TEXT];
    if (!before) {
        number->state = NUMBER_ACTIVE;
        number->shown = text_plain(cx->mem, number->number);
        if (!number->owner_id)
            number->owner_id = cx->actor->organisation_id;
        if (number_normalise(number->number, normal))
            number->number = arena_dup(cx->mem, normal);
        TRY(number_find(cx, number->number, &known));
    }
    if (known.id)
        reject_clause(cx, "C1.2", "number", "number_registered");
    if (!owns(cx, number->owner_id))
        reject_clause(cx, "C1.2", "owner_id", "not_owner");
    if (before && ((const struct number *)before)->state == NUMBER_RETIRED)
        reject(cx, "state", "number_retired");
    return OK;
}

/* Four digits before the last four; of a short number all but two. */
static const char *masked(struct arena *arena, const char *number)
{
    char *copy = arena_dup(arena, number);
    int digits = 0, at = 0;
    for (const char *c = copy; *c; c++)
        digits += *c >= '0' && *c <= '9';
    const int first = digits > 8 ? digits - 8 : 2, last = digits > 8 ? digits - 4 : digits;
    for (char *c = copy; *c; c++) {
        if (*c < '0' || *c > '9')
            continue;
        if (at >= first && at < last)
            *c = '*';
        at++;
    }
    return copy;
}

void number_mask(struct ctx *cx, const char **number)
{
    if (!actor_may(cx->actor, "numbers.whole"))
        *number = masked(cx->mem, *number);
}

static void number_derive(struct ctx *cx, void *record)
{
    struct number *number = record;
    number_mask(cx, &number->number);
    number_mask(cx, &number->shown);
}

/* Whoever sees a contract sees the numbers that were permitted on it. */
#define PERMITTED_TO(side)                                                                         \
    "@owner_id = :org OR @id IN (SELECT np.number_id FROM number_permissions np "                  \
    "JOIN contracts nc ON nc.id = np.contract_id WHERE nc." side " = :org)"

static enum result number_open(struct ctx *cx, const void *record)
{
    const struct number *number = record;
    if (number->owner_id && !owns(cx, number->owner_id))
        reject_clause(cx, "C1.2", "owner_id", "not_owner");
    if (number->state == NUMBER_RETIRED)
        reject(cx, "state", "number_retired");
    return rejected(cx);
}

const struct resource NUMBERS = {
    .name = "numbers",
    .clause = "C1.2",
    .fields = NUMBER_FIELDS,
    .size = sizeof(struct number),
    .joins = "JOIN organisations o ON o.id = t.owner_id",
    .title = "shown",
    .sort = "id",
    .scope =
        {
            [SIDE_CLIENT] = PERMITTED_TO("client_id"),
            [SIDE_PROVIDER] = PERMITTED_TO("provider_id"),
        },
    .check = number_check,
    .open = number_open,
    .derive = number_derive,
};

enum result number_find(struct ctx *cx, const char *typed, struct number *out)
{
    char normal[NUMBER_TEXT];
    *out = (struct number){.id = 0};
    if (!number_normalise(typed, normal))
        return OK;
    enum result result =
        db_one(cx, &q_number_by_number, PARAMS(P((const char *)normal)), NUMBER_FIELDS, out);
    return result == NOT_FOUND ? OK : result;
}

static const struct {
    const char *action;
    enum number_state to;
    unsigned from;
    bool needs_reason;
} STEPS[] = {
    {"suspend", NUMBER_SUSPENDED, 1u << NUMBER_ACTIVE, true},
    {"resume", NUMBER_ACTIVE, 1u << NUMBER_SUSPENDED, false},
    {"retire", NUMBER_RETIRED, 1u << NUMBER_ACTIVE | 1u << NUMBER_SUSPENDED, true},
};

enum result number_step(struct ctx *cx, const struct number *number, const char *action,
                        const char *reason)
{
    struct number after = *number;
    size_t i = 0;
    while (i < sizeof STEPS / sizeof STEPS[0] && strcmp(STEPS[i].action, action) != 0)
        i++;
    if (i == sizeof STEPS / sizeof STEPS[0])
        return fail(cx, NOT_FOUND, "number.no_such_step", action);
    if (!owns(cx, number->owner_id))
        return fail(cx, FORBIDDEN, "number.not_yours", number->number);
    if (!(STEPS[i].from & 1u << number->state))
        return fail(cx, CONFLICT, "number.wrong_state", number->number,
                    state_name(cx, &NUMBERS, NUMBER_STATES, number->state));
    if (STEPS[i].needs_reason)
        check_reason(cx, reason);
    TRY(rejected(cx));
    after.state = STEPS[i].to;
    after.state_reason = reason;
    return record_change(cx, &NUMBERS, action, number, &after);
}

/* ---- permissions: written by letters ---- */

static const struct field PERMISSION_FIELDS[] = {
    RECORD_FIELDS(number_permission),
    FIELD_REF(number_permission, number_id, "numbers", .use = FILTERED),
    FIELD(number_permission, shown, .column = "n.shown", .use = LISTED),
    FIELD(number_permission, number, .column = "n.number"),
    FIELD(number_permission, owner_id, .column = "n.owner_id", .use = HIDDEN),
    FIELD(number_permission, owner_name, .column = "o.name", .use = LISTED),
    FIELD_REF(number_permission, contract_id, "contracts", .use = FILTERED),
    FIELD(number_permission, contract_number, .column = "c.number"),
    FIELD(number_permission, contract_name, .column = "c.name", .use = LISTED),
    FIELD(number_permission, contract_state, .column = "c.state", .use = HIDDEN),
    FIELD(number_permission, client_id, .column = "c.client_id", .use = HIDDEN),
    FIELD(number_permission, unit_id, .column = "c.unit_id", .use = HIDDEN),
    FIELD(number_permission, from, .use = LISTED),
    FIELD(number_permission, to, .use = LISTED | FILTERED),
    FIELD_ENUM(number_permission, state, PERMISSION_STATES, .use = LISTED | FILTERED),
    FIELD_REF(number_permission, letter_id, "letters", .use = NO_DIFF),
    FIELD(number_permission, letter_name, .column = "l.number"),
    FIELD(number_permission, days_left, .use = DERIVED),
    FIELDS_END,
};

static void permission_derive(struct ctx *cx, void *record)
{
    struct number_permission *permission = record;
    number_mask(cx, &permission->number);
    number_mask(cx, &permission->shown);
    if (permission->state == PERMISSION_ACTIVE && permission->to.days)
        permission->days_left = permission->to.days - agents_today(cx).days;
}

const struct resource NUMBER_PERMISSIONS = {
    .name = "number_permissions",
    .clause = "C1.2",
    .fields = PERMISSION_FIELDS,
    .size = sizeof(struct number_permission),
    .joins = "JOIN numbers n ON n.id = t.number_id JOIN organisations o ON o.id = n.owner_id "
             "JOIN contracts c ON c.id = t.contract_id "
             "LEFT JOIN letters l ON l.id = t.letter_id",
    .title = "shown",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .derive = permission_derive,
};

enum result permission_of(struct ctx *cx, int64_t number_id, int64_t contract_id, int64_t *out_id)
{
    return db_int(cx, &q_permission_of, PARAMS(P(number_id), P(contract_id)), out_id);
}

/* ---- a permission that runs out is renewed or let go in time ---- */

#define RENEW_DAYS 30

static enum result renewal_judge(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct number_permission *permission = record;
    (void)cx;
    const bool is_open = strcmp(permission->contract_state, "active") == 0 ||
                         strcmp(permission->contract_state, "suspended") == 0;
    *out = OWING_NOTHING;
    if (permission->state != PERMISSION_ACTIVE || !permission->to.days || !is_open)
        return OK;
    *out = OWING_DUTY;
    duty->contract_id = permission->contract_id;
    duty->organisation_id = permission->client_id;
    duty->unit_id = permission->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_CLIENT - 1];
    duty->opened_at = instant_of(date_add(permission->to, -RENEW_DAYS), 0, SHANGHAI_OFFSET_MIN);
    duty->due_at = day_end(permission->to);
    return OK;
}

const struct duty_rule AGENT_DUTIES[] = {
    {.name = "renew_number",
     .clause = "C1.2",
     .resource = &NUMBER_PERMISSIONS,
     .judge = renewal_judge,
     .due = {.kind = DUE_DAYS, .count = RENEW_DAYS},
     .also = &CONTRACTS, /* which ends */
     .also_ids = &q_permissions_of_contract},
    DUTY_RULES_END,
};
