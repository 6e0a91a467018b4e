/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/notices/delivery.h"

#include "app/notices/notice.h"
#include "app/notices/notice.sql.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/texts.h"

#include <string.h>

#define CLAIM_MS (120 * INT64_C(1000)) /* more than outbox.total_ms */
#define SHOWN_MOST 10

static struct {
    const struct outbox *outbox;
    const char *site;
} outside;

void deliveries_use(const struct outbox *outbox, const char *site)
{
    outside.outbox = outbox;
    outside.site = site;
}

bool mail_is_available(void)
{
    return outside.outbox && *outside.outbox->mail.host;
}

/* ---- writing them down ---- */

static bool is_taken(enum notice_takes takes, bool urgent)
{
    return takes == TAKES_ALL || (takes == TAKES_URGENT && urgent);
}

const struct field HEARER_FIELDS[] = {
    FIELD(hearer, account_id), FIELD(hearer, mail),     FIELD_ENUM(hearer, takes, NOTICE_TAKES),
    FIELD(hearer, quiet_from), FIELD(hearer, quiet_to), FIELDS_END,
};

/* `at`, or the end of the quiet hours that it falls into. */
static struct instant after_quiet(const char *from, const char *to, bool urgent, struct instant at)
{
    return urgent ? at : quiet_hours_end(quiet_hours_of(from, to), at, SHANGHAI_OFFSET_MIN);
}

struct destination { /* one mail address or robot */
    const char *channel;
    int64_t account_id, robot_id;
    const char *mail, *quiet_from, *quiet_to;
};

static enum result delivery_add(struct ctx *cx, int64_t news_id, bool urgent,
                                const struct destination *to)
{
    struct instant next_at = after_quiet(to->quiet_from, to->quiet_to, urgent, cx->now);
    return db_change(cx, &q_delivery_add,
                     PARAMS(P(news_id), P(to->channel), P(to->account_id), P(to->robot_id),
                            P(to->mail), P(to->quiet_from), P(to->quiet_to), P(next_at),
                            P(cx->now)),
                     NULL);
}

enum result deliver_by_mail(struct ctx *cx, int64_t news_id, bool urgent,
                            const struct hearer *hearer)
{
    const struct destination to = {
        .channel = choice_name(OUTBOX_CHANNELS, OUTBOX_MAIL),
        .account_id = hearer->account_id,
        .mail = hearer->mail,
        .quiet_from = hearer->quiet_from,
        .quiet_to = hearer->quiet_to,
    };
    if (!mail_is_available() || !is_taken(hearer->takes, urgent))
        return OK;
    return delivery_add(cx, news_id, urgent, &to);
}

static const struct field DESTINATION_FIELDS[] = {
    FIELD(destination, channel),    FIELD(destination, robot_id), FIELD(destination, mail),
    FIELD(destination, quiet_from), FIELD(destination, quiet_to), FIELDS_END,
};

struct telling {
    struct ctx *cx;
    int64_t news_id;
    bool urgent;
};

static enum result tell_robot(void *host, const void *row)
{
    const struct telling *telling = host;
    return delivery_add(telling->cx, telling->news_id, telling->urgent, row);
}

enum result deliver_to_robots(struct ctx *cx, int64_t news_id, bool urgent, int64_t organisation_id,
                              int64_t unit_id)
{
    struct telling telling = {cx, news_id, urgent};
    return db_each(cx, &q_notice_robots,
                   PARAMS(P(organisation_id), param_number(unit_id), P(urgent)), DESTINATION_FIELDS,
                   sizeof(struct destination), tell_robot, &telling);
}

/* ---- looking at them ---- */

static const char *const STATES[] = {"waiting", "sent", "given_up", NULL};
const struct field DELIVERY_FIELDS[] = {
    FIELD(delivery, id),    FIELD(delivery, created_at),   FIELD(delivery, kind),
    FIELD(delivery, title), FIELD(delivery, detail),       FIELD_ENUM(delivery, state, STATES),
    FIELD(delivery, tries), FIELD(delivery, next_at),      FIELD(delivery, sent_at),
    FIELD(delivery, fault), FIELD(delivery, fault_detail), FIELDS_END,
};

static enum result last_ones(struct ctx *cx, const struct query *query, int64_t of,
                             struct delivery **out, size_t *out_count)
{
    return db_list(cx, query, PARAMS(P(of), P((int32_t)SHOWN_MOST)), DELIVERY_FIELDS,
                   sizeof(struct delivery), SHOWN_MOST, out, out_count);
}

enum result deliveries_of_account(struct ctx *cx, int64_t account_id, struct delivery **out,
                                  size_t *out_count)
{
    return last_ones(cx, &q_deliveries_of_account, account_id, out, out_count);
}

enum result deliveries_of_robot(struct ctx *cx, int64_t robot_id, struct delivery **out,
                                size_t *out_count)
{
    return last_ones(cx, &q_deliveries_of_robot, robot_id, out, out_count);
}

/* ---- sending one ---- */

struct parcel { /* a delivery with its news */
    int64_t id;
    enum outbox_channel channel;
    const char *address, *person_name;
    int64_t robot_id;
    const char *quiet_from, *quiet_to;
    int32_t tries;
    struct instant created_at;
    const char *kind, *subject;
    int64_t subject_id;
    const char *title, *detail;
    bool urgent;
    enum spoken lang;
};
static const struct field PARCEL_FIELDS[] = {
    FIELD(parcel, id),
    FIELD_ENUM(parcel, channel, OUTBOX_CHANNELS),
    FIELD(parcel, address),
    FIELD(parcel, person_name),
    FIELD(parcel, robot_id),
    FIELD(parcel, quiet_from),
    FIELD(parcel, quiet_to),
    FIELD(parcel, tries),
    FIELD(parcel, created_at),
    FIELD(parcel, kind),
    FIELD(parcel, subject),
    FIELD(parcel, subject_id),
    FIELD(parcel, title),
    FIELD(parcel, detail),
    FIELD(parcel, urgent),
    FIELD_ENUM(parcel, lang, SPOKEN),
    FIELDS_END,
};

static const char *link_of(struct ctx *cx, const struct parcel *parcel)
{
    return *outside.site && *parcel->subject
               ? arena_printf(cx->mem, "%s/%s/%lld", outside.site, parcel->subject,
                              (long long)parcel->subject_id)
               : "";
}

static enum lang lang_of(enum spoken spoken)
{
    return spoken == SPOKEN_EN ? LANG_EN : LANG_ZH;
}

/* The mail as a person reads it: its subject says what happened, its text where to go about it. */
static void write_mail(struct ctx *cx, const char *words, enum lang lang, struct outgoing *message)
{
    message->title = words;
    message->text = arena_printf(cx->mem, "%s\n%s%s\n\n%s\n", words, *message->link ? "\n" : "",
                                 message->link, texts_get("notices.outside.about", lang));
}

static void write_message(struct ctx *cx, const struct parcel *parcel, struct outgoing *out)
{
    const enum lang lang = lang_of(parcel->lang);
    const char *words = notice_words(cx->mem, lang, parcel->kind, parcel->title, parcel->detail);
    *out = (struct outgoing){
        .id = arena_printf(cx->mem, "luyue-delivery-%lld", (long long)parcel->id),
        .written = parcel->created_at,
        .channel = parcel->channel,
        .to = parcel->address,
        .to_name = parcel->person_name,
        .secret = "",
        .title = texts_get(parcel->urgent ? "notices.outside.urgent" : "notices.outside", lang),
        .text = words,
        .html = "",
        .link = link_of(cx, parcel),
        .link_words = texts_get("notices.outside.open", lang),
    };
    if (parcel->channel == OUTBOX_MAIL)
        write_mail(cx, words, lang, out);
}

static enum result opened(struct ctx *cx, const char *field, const struct secret *secret,
                          const char **out)
{
    *out = *secret->sealed ? open_text(cx->mem, cx->keys, field, secret->sealed) : "";
    return *out ? OK : fail(cx, BROKEN, "record.seal_broken");
}

static enum result address_robot(struct ctx *cx, const struct group_robot *robot,
                                 struct outgoing *message)
{
    TRY(opened(cx, "url", &robot->url, &message->to));
    return opened(cx, "secret", &robot->secret, &message->secret);
}

enum result robot_test(struct ctx *cx, const struct group_robot *robot)
{
    struct outbox_answer answer;
    const enum lang lang = lang_of(robot->lang);
    struct outgoing message = {
        .id = arena_printf(cx->mem, "luyue-test-%lld-%lld", (long long)robot->id,
                           (long long)cx->now.ms),
        .written = cx->now,
        .channel = (enum outbox_channel)(robot->channel + 1), /* all but the mail */
        .title = texts_get("notices.outside", lang),
        .text = texts_fill(cx->mem, "robots.test.words", lang,
                           (const char *const[]){robot->name, cx->actor->person_name, NULL}),
        .link = outside.site,
        .link_words = texts_get("notices.outside.open", lang),
    };
    TRY(address_robot(cx, robot, &message));
    if (outbox_send(cx, outside.outbox, &message, &answer) == OK)
        return OK;
    const char *why = fault_words(cx->mem, &cx->fault, cx->lang);
    cx->fault = (struct fault){.result = OK};
    return fail(cx, CONFLICT, "robot.test_failed", why);
}

static enum result send(struct ctx *cx, const struct parcel *parcel, struct outbox_answer *answer)
{
    struct outgoing message;
    struct group_robot robot;
    *answer = (struct outbox_answer){.retry = true};
    write_message(cx, parcel, &message);
    if (parcel->channel == OUTBOX_MAIL && !mail_is_available())
        return fail(cx, BUSY, "notice.no_mail_server");
    if (parcel->channel != OUTBOX_MAIL) {
        TRY(record_get(cx, &ROBOTS, parcel->robot_id, &robot));
        TRY(address_robot(cx, &robot, &message));
    }
    enum result result = outbox_send(cx, outside.outbox, &message, answer);
    if (parcel->channel == OUTBOX_MAIL && result == FORBIDDEN)
        answer->retry = true; /* our own password is wrong, and can be put right */
    return result;
}

/* ---- what became of it ---- */

struct settlement {
    const struct parcel *parcel;
    enum result result;
    struct outbox_answer answer;
    const char *fault, *detail;
};

/* None: it is given up. */
static struct instant next_try(const struct ctx *cx, const struct settlement *settled)
{
    const struct parcel *parcel = settled->parcel;
    struct instant next = {0};
    if (settled->answer.retry)
        next = outbox_next_try(parcel->tries, settled->answer.retry_after_s, cx->now);
    return next.ms ? after_quiet(parcel->quiet_from, parcel->quiet_to, parcel->urgent, next) : next;
}

/* What a group cannot take now it cannot take with the next message either: all wait, and hold up
 * nobody else. */
static enum result settle_run(struct ctx *cx, void *host)
{
    const struct settlement *settled = host;
    const struct parcel *parcel = settled->parcel;
    const bool sent = settled->result == OK;
    const struct instant next = sent ? (struct instant){0} : next_try(cx, settled);
    const enum delivery_state state = sent      ? DELIVERY_SENT
                                      : next.ms ? DELIVERY_WAITING
                                                : DELIVERY_GIVEN_UP;
    if (state == DELIVERY_GIVEN_UP)
        log_warn("delivery %lld is given up: %s", (long long)parcel->id, settled->fault);
    if (state == DELIVERY_WAITING && parcel->robot_id)
        TRY(db_change(cx, &q_deliveries_hold, PARAMS(P(parcel->robot_id), P(next)), NULL));
    return db_change_one(cx, &q_delivery_settle,
                         PARAMS(P(parcel->id), P(choice_name(STATES, state)), P(next),
                                P(settled->fault), P(settled->detail),
                                P(sent ? cx->now : (struct instant){0})));
}

static enum result settle(struct worker *worker, struct ctx *cx, struct settlement *settled)
{
    const struct fault *fault = &cx->fault;
    settled->fault = settled->result == OK ? "" : fault->code ? fault->code : "server.broken";
    settled->detail = settled->result != OK && fault->args[0] ? fault->args[0] : "";
    cx->fault = (struct fault){.result = OK};
    return worker_write(worker, cx, settle_run, settled);
}

/* ---- the worker ---- */

enum result delivery_claim(struct ctx *cx, int64_t *out_id)
{
    const struct instant until = {cx->now.ms + CLAIM_MS};
    int64_t claimed;
    TRY(db_int(cx, &q_delivery_due, PARAMS(P(cx->now)), out_id));
    if (!*out_id)
        return OK;
    TRY(db_change(cx, &q_delivery_claim, PARAMS(P(*out_id), P(cx->now), P(until)), &claimed));
    *out_id = claimed ? *out_id : 0;
    return OK;
}

static enum result claim_run(struct ctx *cx, void *host)
{
    return delivery_claim(cx, host);
}

enum result deliveries_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    struct parcel parcel;
    int64_t id;
    TRY(db_int(cx, &q_delivery_due, PARAMS(P(cx->now)), &id));
    *out_found = id != 0;
    if (id)
        TRY(worker_write(worker, cx, claim_run, &id));
    if (!id)
        return OK; /* nothing is due, or another server has it */
    TRY(db_one(cx, &q_delivery, PARAMS(P(id)), PARCEL_FIELDS, &parcel));
    struct settlement settled = {.parcel = &parcel};
    settled.result = send(cx, &parcel, &settled.answer);
    return settle(worker, cx, &settled);
}
