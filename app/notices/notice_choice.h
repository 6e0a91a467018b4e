/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What goes outside, as people choose it: which news, and not at which hours. */
#ifndef NOTICE_CHOICE_H
#define NOTICE_CHOICE_H

#include "app/records/record.h"
#include "jobs/outbox.h"

enum notice_takes { TAKES_ALL = 1, TAKES_URGENT, TAKES_NONE };
extern const char *const NOTICE_TAKES[];

/* The language of what goes outside; none chosen: Chinese. */
enum spoken { SPOKEN_ZH = 1, SPOKEN_EN };
extern const char *const SPOKEN[];

/* Quiet hours in Shanghai, as "HH:MM"; equal ends: none. Urgent news do not wait for their end. */
#define QUIET_FROM "21:00"
#define QUIET_TO "08:00"
bool time_of_day_valid(const char *text);
struct quiet_hours quiet_hours_of(const char *from, const char *to);

/* What one account hears by mail. */
struct notice_choice {
    RECORD_MEMBERS;
    int64_t account_id;
    const char *mail;
    enum notice_takes takes;
    const char *quiet_from, *quiet_to;
    enum spoken lang;
};
extern const struct resource NOTICE_CHOICES;

/* The actor's; id 0, and what holds then, when nothing was chosen yet. */
MUST_USE enum result notice_choice_own(struct ctx *cx, struct notice_choice *out);
/* `after` replaces it. Results: INVALID. */
MUST_USE enum result notice_choice_put(struct ctx *cx, const struct notice_choice *before,
                                       struct notice_choice *after);

#endif
