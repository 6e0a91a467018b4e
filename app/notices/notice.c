/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/notices/notice.h"

#include "app/notices/delivery.h"
#include "app/notices/notice.sql.h"
#include "base/texts.h"

#include <string.h>

#define KEPT_DAYS 365
#define HOUR_MS (60 * 60 * INT64_C(1000))

static const struct field NOTICE_FIELDS[] = {
    RECORD_FIELDS(notice),
    FIELD_REF(notice, account_id, "accounts", .use = HIDDEN),
    FIELD(notice, words, .use = LISTED | DERIVED),
    FIELD(notice, kind, .column = "n.kind", .use = FILTERED),
    FIELD(notice, subject, .column = "n.subject", .use = FILTERED),
    FIELD(notice, subject_id, .column = "n.subject_id", .use = FILTERED),
    FIELD(notice, title, .column = "n.title"),
    FIELD(notice, detail, .column = "n.detail"),
    FIELD(notice, urgent, .column = "n.urgent", .use = LISTED | FILTERED),
    FIELD(notice, unread, .use = LISTED | FILTERED),
    FIELD(notice, read_at, .use = LISTED),
    FIELDS_END,
};

const char *notice_words(struct arena *arena, enum lang lang, const char *kind, const char *title,
                         const char *detail)
{
    return texts_fill(arena, arena_printf(arena, "notice.%s", kind), lang,
                      (const char *const[]){title, detail, NULL});
}

static void notice_derive(struct ctx *cx, void *record)
{
    struct notice *notice = record;
    notice->words = notice_words(cx->mem, cx->lang, notice->kind, notice->title, notice->detail);
}

#define OWN "@account_id = :account"
const struct resource NOTICES = {
    .name = "notices",
    .fields = NOTICE_FIELDS,
    .size = sizeof(struct notice),
    .joins = "JOIN news n ON n.id = t.news_id",
    .title = "title",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = OWN, [SIDE_PROVIDER] = OWN, [SIDE_THIRD_PARTY] = OWN},
    .derive = notice_derive,
};

/* ---- telling ---- */

/* News about no record are told apart by their title. */
static const char *event_of(struct ctx *cx, const struct news *news)
{
    if (news->counted)
        return arena_printf(cx->mem, "%lldh %s %s %lld", (long long)(cx->now.ms / HOUR_MS),
                            news->kind, news->subject->name, (long long)news->subject_id);
    return arena_printf(cx->mem, "%lld %s %s %lld %s", (long long)cx->now.ms, news->kind,
                        news->subject ? news->subject->name : "", (long long)news->subject_id,
                        news->subject ? "" : news->title);
}

static enum result news_put(struct ctx *cx, const struct news *news, int32_t more, int64_t *out_id)
{
    const char *detail = news->counted ? "1" : news->detail ? news->detail : "";
    return db_int(cx, &q_news_put,
                  PARAMS(P(event_of(cx, news)), P(cx->now), P(news->kind),
                         P(news->subject ? news->subject->name : ""), P(news->subject_id),
                         P(news->title), P(detail), P(news->urgent), P(more)),
                  out_id);
}

enum result news_count(struct ctx *cx, const struct news *news)
{
    int64_t id;
    return news_put(cx, news, 1, &id);
}

struct telling {
    struct ctx *cx;
    const struct news *news;
    int64_t news_id;
};

static enum result tell(void *host, const void *row)
{
    const struct telling *telling = host;
    const struct hearer *hearer = row;
    struct ctx *cx = telling->cx;
    int64_t told;
    TRY(db_change(cx, &q_notice_add, PARAMS(P(hearer->account_id), P(telling->news_id), P(cx->now)),
                  &told));
    return told ? deliver_by_mail(cx, telling->news_id, telling->news->urgent, hearer) : OK;
}

static enum result tell_each(struct telling *telling, const struct query *query,
                             struct params params)
{
    return db_each(telling->cx, query, params, HEARER_FIELDS, sizeof(struct hearer), tell, telling);
}

static enum result begin(struct ctx *cx, const struct news *news, struct telling *out)
{
    *out = (struct telling){cx, news, 0};
    return news_put(cx, news, 0, &out->news_id);
}

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

enum result notice_person(struct ctx *cx, int64_t person_id, const struct news *news)
{
    struct telling telling;
    const struct params whom =
        PARAMS(P(person_id), P(today(cx)), param_number(cx->actor->person_id));
    TRY(begin(cx, news, &telling));
    TRY(tell_each(&telling, &q_notice_person, whom));
    return news->stand_ins ? tell_each(&telling, &q_notice_stand_in, whom) : OK;
}

enum result notice_roles(struct ctx *cx, int64_t organisation_id, int64_t unit_id, uint64_t roles,
                         const struct news *news)
{
    struct telling telling;
    TRY(begin(cx, news, &telling));
    for (unsigned role = 1; role < ROLE_COUNT; role++) {
        if (!(roles >> role & 1))
            continue;
        const char *pattern = arena_printf(cx->mem, "%% %s %%", choice_name(ROLES, role));
        const struct params whom = PARAMS(P(organisation_id), param_number(unit_id), P(pattern),
                                          P(today(cx)), param_number(cx->actor->person_id));
        TRY(tell_each(&telling, &q_notice_holders, whom));
        if (news->stand_ins)
            TRY(tell_each(&telling, &q_notice_holders_stand_in, whom));
    }
    return deliver_to_robots(cx, telling.news_id, news->urgent, organisation_id, unit_id);
}

/* ---- reading ---- */

enum result notices_unread(struct ctx *cx, int64_t *out)
{
    struct list_query unread = {.limit = 1};
    (void)list_condition(cx, &NOTICES, "unread", "true", &unread);
    return record_count(cx, &NOTICES, &unread, NOTICES_COUNT_MOST, out);
}

enum result notice_read(struct ctx *cx, const struct notice *notice)
{
    return db_change(cx, &q_notice_read, PARAMS(P(notice->id), P(cx->now)), NULL);
}

enum result notices_read(struct ctx *cx, int64_t up_to)
{
    return db_change(cx, &q_notices_read,
                     PARAMS(P(cx->actor->account_id), param_number(up_to), P(cx->now)), NULL);
}

enum result notices_forget(struct ctx *cx, struct instant before)
{
    TRY(db_change(cx, &q_sweep_deliveries, PARAMS(P(before)), NULL));
    TRY(db_change(cx, &q_sweep_notices, PARAMS(P(before)), NULL));
    return db_change(cx, &q_sweep_news, PARAMS(P(before)), NULL);
}

enum result notices_sweep(struct ctx *cx)
{
    return notices_forget(cx, (struct instant){cx->now.ms - KEPT_DAYS * 86400 * INT64_C(1000)});
}

const struct right NOTICE_RIGHTS[] = {
    {"robots.read", R(OPS) | R(DIVISION) | R(PROVIDER), NULL},
    {"robots.write", R(OPS) | R(DIVISION) | R(PROVIDER), NULL},
    RIGHTS_END,
};
