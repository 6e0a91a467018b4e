/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What goes outside: one piece of news to one person's mail or to one robot. It is written in the
 * transaction of what it tells of, and sent by a worker, at least once. */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "app/notices/group_robot.h"
#include "jobs/worker.h"

/* Once at start, before any thread. `outbox` stays the caller's; without a mail host there is no
 * mail. `site` is where people reach the pages ("https://luyue.example.com"); "" links nowhere. */
void deliveries_use(const struct outbox *outbox, const char *site);
bool mail_is_available(void);

/* One who hears of it by mail, as chosen. */
struct hearer {
    int64_t account_id;
    const char *mail;
    enum notice_takes takes;
    const char *quiet_from, *quiet_to;
};
extern const struct field HEARER_FIELDS[];

/* Nothing happens without mail server, or when the hearer chose so. */
MUST_USE enum result deliver_by_mail(struct ctx *cx, int64_t news_id, bool urgent,
                                     const struct hearer *hearer);
/* To the robots of the organisation, and of the unit (0: none) and those above it. */
MUST_USE enum result deliver_to_robots(struct ctx *cx, int64_t news_id, bool urgent,
                                       int64_t organisation_id, int64_t unit_id);

enum delivery_state { DELIVERY_WAITING = 1, DELIVERY_SENT, DELIVERY_GIVEN_UP };
struct delivery {
    int64_t id;
    struct instant created_at;
    const char *kind, *title, *detail;
    enum delivery_state state;
    int32_t tries;
    struct instant next_at, sent_at;
    const char *fault, *fault_detail;
};
extern const struct field DELIVERY_FIELDS[];
/* The last ones to an account's mail or to a robot, newest first. */
MUST_USE enum result deliveries_of_account(struct ctx *cx, int64_t account_id,
                                           struct delivery **out, size_t *out_count);
MUST_USE enum result deliveries_of_robot(struct ctx *cx, int64_t robot_id, struct delivery **out,
                                         size_t *out_count);

/* Take one that is due, for longer than sending it may take: nobody else sends it meanwhile, and it
 * is due again when we do not come back. 0: there is none. */
MUST_USE enum result delivery_claim(struct ctx *cx, int64_t *out_id);

/* The worker: sends one that is due. */
enum result deliveries_turn(struct worker *worker, struct ctx *cx, bool *out_found);

#endif
