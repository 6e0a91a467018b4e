/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Notices: telling people what happened that concerns them.
 *
 * A notice stands in the app exactly once per account, written in the transaction of what it tells
 * of. From there it goes outside (mail, group robots) as each person has chosen, at least once, not
 * in quiet hours, tried again until it went or is given up. */
#ifndef NOTICE_H
#define NOTICE_H

#include "app/access/account.h"

struct notice {
    RECORD_MEMBERS;
    int64_t account_id;
    const char *kind;    /* "letter.sent": words in the catalogue under "notice.<kind>" */
    const char *subject; /* the record it is about, and where a click leads; "" none */
    int64_t subject_id;
    const char *title;  /* what named that record then: {0} of the words */
    const char *detail; /* {1}: a name, a day, a reason */
    bool urgent;        /* goes outside in quiet hours, too */
    bool unread;
    struct instant read_at;
    const char *words; /* not stored: kind, title and detail in the language of the request */
};
extern const struct resource NOTICES; /* each account sees its own */

/* What is told, to whomever. */
struct news {
    const char *kind;
    const struct resource *subject; /* NULL: none */
    int64_t subject_id;
    const char *title, *detail;
    bool urgent;
    /* Of a stream of events, all of an hour are one, with their number for detail: given once for
     * each of them, whose telling (to several people) begins with news_count. */
    bool counted;
    bool stand_ins; /* whoever stands in today for somebody who is told hears it, too */
};
/* One more of a counted event: before those are told whom it concerns. */
MUST_USE enum result news_count(struct ctx *cx, const struct news *news);
/* To the account of a person. Nobody has to have one: then nothing is told. Whoever acts is not
 * told of the own action. News of the same kind about the same record at the same instant are one
 * event: whoever was told of it before is not told again. */
MUST_USE enum result notice_person(struct ctx *cx, int64_t person_id, const struct news *news);
/* To all of an organisation who hold one of the roles (bits as in struct right) and, on the
 * client's side, see the unit (0: any): people of that unit and of the units above it. The robots
 * of chat groups of the organisation and of those units hear it, too. */
MUST_USE enum result notice_roles(struct ctx *cx, int64_t organisation_id, int64_t unit_id,
                                  uint64_t roles, const struct news *news);

/* ---- reading ---- */

/* How many the actor has not read, counted no further than NOTICES_COUNT_MOST. */
#define NOTICES_COUNT_MOST 100
MUST_USE enum result notices_unread(struct ctx *cx, int64_t *out);
MUST_USE enum result notice_read(struct ctx *cx, const struct notice *notice);
/* All of the actor's that are not newer than the notice `up_to`. */
MUST_USE enum result notices_read(struct ctx *cx, int64_t up_to);
/* What is told, in words. */
const char *notice_words(struct arena *arena, enum lang lang, const char *kind, const char *title,
                         const char *detail);

/* Forget what was read and sent of news before that instant; the job: after a year. */
MUST_USE enum result notices_forget(struct ctx *cx, struct instant before);
MUST_USE enum result notices_sweep(struct ctx *cx);

extern const struct right NOTICE_RIGHTS[];

#endif
