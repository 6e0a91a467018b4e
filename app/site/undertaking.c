/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/site/undertaking.h"

#include "app/notices/notice.h"
#include "app/parties/parties.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "app/site/site.h"
#include "app/site/undertaking.sql.h"

#include <string.h>

#define TEXT_MOST 5000

static const char *const STATES[] = {"draft", "in_force", "retired", NULL};

static const struct field FIELDS[] = {
    RECORD_FIELDS(undertaking),
    FIELD_REF(undertaking, provider_id, "organisations", .use = FILTERED | SIGNED),
    FIELD(undertaking, provider_name, .column = "o.name", .use = LISTED),
    FIELD(undertaking, edition, .use = LISTED | SIGNED),
    FIELD(undertaking, text, .in = MUST, .max = TEXT_MOST, .use = LONG_TEXT | SIGNED,
          .clause = "C3.3"),
    FIELD(undertaking, enforced_at, .use = LISTED),
    FIELD(undertaking, sha256, .use = DERIVED),
    FIELD_ENUM(undertaking, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result wrong_state(struct ctx *cx, const struct undertaking *undertaking)
{
    return fail(cx, CONFLICT, "undertaking.wrong_state",
                arena_printf(cx->mem, "%d", undertaking->edition),
                state_name(cx, &UNDERTAKINGS, STATES, undertaking->state));
}

static enum result undertaking_check(struct ctx *cx, void *record, const void *before)
{
    struct undertaking *undertaking = record;
    int64_t last;
    if (before)
        return OK;
    undertaking->provider_id = cx->actor->organisation_id;
    TRY(db_int(cx, &q_undertaking_last, PARAMS(P(undertaking->provider_id)), &last));
    undertaking->edition = (int32_t)last + 1;
    undertaking->state = UNDERTAKING_DRAFT;
    return OK;
}

static enum result undertaking_open(struct ctx *cx, const void *record)
{
    const struct undertaking *undertaking = record;
    return !undertaking->id || undertaking->state == UNDERTAKING_DRAFT
               ? OK
               : wrong_state(cx, undertaking);
}

static void undertaking_derive(struct ctx *cx, void *record)
{
    struct undertaking *undertaking = record;
    undertaking->sha256 = record_digest(cx->mem, &UNDERTAKINGS, undertaking);
}

const struct resource UNDERTAKINGS = {
    .name = "undertakings",
    .clause = "C3.3",
    .fields = FIELDS,
    .size = sizeof(struct undertaking),
    .joins = "JOIN organisations o ON o.id = t.provider_id",
    .title = "provider_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@state <> 'draft' AND " OF_OUR_PROVIDERS("provider_id"),
              [SIDE_PROVIDER] = "@provider_id = :org"},
    .check = undertaking_check,
    .open = undertaking_open,
    .derive = undertaking_derive,
};

static enum result retire_former(struct ctx *cx, const struct undertaking *undertaking)
{
    struct list list;
    TRY(record_select(cx, &UNDERTAKINGS, "former",
                      "t.provider_id = $1 AND t.state = 'in_force' LIMIT 200",
                      PARAMS(P(undertaking->provider_id)), &list));
    const struct undertaking *former = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct undertaking after = former[i];
        after.state = UNDERTAKING_RETIRED;
        TRY(record_change(cx, &UNDERTAKINGS, "retire", &former[i], &after));
    }
    return OK;
}

/* Whoever has to sign hears of it. */
static enum result tell_clients(struct ctx *cx, const struct undertaking *undertaking)
{
    struct list list;
    const struct news news = {.kind = "undertaking.in_force",
                              .subject = &UNDERTAKINGS,
                              .subject_id = undertaking->id,
                              .title = undertaking->provider_name,
                              .detail = arena_printf(cx->mem, "%d", undertaking->edition)};
    TRY(record_select(cx, &ORGANISATIONS, "clients",
                      "t.id IN (SELECT k.client_id FROM contracts k WHERE k.provider_id = $1 AND "
                      "k.service = 'outbound_call' AND k.state <> 'draft') LIMIT 200",
                      PARAMS(P(undertaking->provider_id)), &list));
    const struct organisation *clients = list.rows;
    for (size_t i = 0; i < list.count; i++)
        TRY(notice_roles(cx, clients[i].id, 0, R_CLIENT_SIDE, &news));
    return OK;
}

enum result undertaking_enforce(struct ctx *cx, const struct undertaking *undertaking)
{
    struct undertaking after = *undertaking;
    if (undertaking->state != UNDERTAKING_DRAFT)
        return wrong_state(cx, undertaking);
    TRY(retire_former(cx, undertaking));
    after.enforced_at = cx->now;
    after.state = UNDERTAKING_IN_FORCE;
    TRY(record_change(cx, &UNDERTAKINGS, "enforce", undertaking, &after));
    return tell_clients(cx, &after);
}

enum result undertaking_sign(struct ctx *cx, const struct undertaking *undertaking,
                             const char *sha256)
{
    if (cx->actor->side != SIDE_CLIENT)
        return fail(cx, FORBIDDEN, "undertaking.clients_sign");
    if (undertaking->state != UNDERTAKING_IN_FORCE)
        return wrong_state(cx, undertaking);
    if (strcmp(sha256, undertaking->sha256) != 0)
        return fail(cx, CONFLICT, "undertaking.changed");
    TRY(signature_put(cx, &UNDERTAKINGS, undertaking->id, cx->actor->account, sha256));
    trail_add(cx, "sign", &UNDERTAKINGS, undertaking, "", sha256);
    return OK;
}

enum result undertaking_signed(struct ctx *cx, const struct undertaking *undertaking, bool *out)
{
    int64_t id;
    TRY(signature_of(cx, &UNDERTAKINGS, undertaking->id, cx->actor->account, &id));
    *out = id != 0;
    return OK;
}
