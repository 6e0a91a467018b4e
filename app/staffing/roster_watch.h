/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rosters of providers are watched (V5.1.4), whenever one changes and by the clock.
 *
 * The same identity on the rosters of two providers at the same time is a suspicion that opens by
 * itself, known by the keyed hash of the identity number and told to the client alone. A
 * certificate that somebody's job needs and that has expired is a mark, which is no case: it is
 * owed by the provider, and shown where people are counted. */
#ifndef ROSTER_WATCH_H
#define ROSTER_WATCH_H

#include "app/duties/duty.h"
#include "app/parties/parties.h"

enum certificate_kind {
    WORKS_WITH_ELECTRICITY = 1,
    WORKS_AT_HEIGHT,
    WORKS_WELDING,
    WORKS_ON_LIFTS,
    WORKS_WITH_PESTICIDES,
    WORKS_WITH_HEALTH, /* a health certificate, for public places */
    WORKS_OTHERWISE    /* no job rests on it */
};
struct work_certificate {
    RECORD_MEMBERS;
    int64_t person_id, organisation_id;
    const char *person_name, *organisation_name;
    enum certificate_kind kind;
    const char *number, *issued_by;
    struct date valid_from, valid_to; /* to none: for good */
    /* The job rests on it: a worker's, who is on the roster, of a kind that the law asks for, and
     * the one of its kind that holds longest. Follows from the roster. */
    bool needed;
    bool expired; /* needed, and over */
};
extern const struct resource WORK_CERTIFICATES;

/* What follows from a person that was written: for people_follow. */
MUST_USE enum result roster_follow(struct ctx *cx, const struct person *person,
                                   const struct person *before);
/* A job: what follows from the day alone, people who join and who leave. */
MUST_USE enum result roster_sweep(struct ctx *cx);

extern const struct duty_rule ROSTER_DUTIES[];
extern const struct right ROSTER_RIGHTS[];

#endif
