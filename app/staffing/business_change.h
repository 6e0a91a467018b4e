/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* New business, or a large change of it (C2.8): announced by the client in writing; then it trains
 * on site, and guides and supervises there for a week, with a log of each day. How "a week" is
 * read, seven natural days or five working days, is agreed with each change. */
#ifndef BUSINESS_CHANGE_H
#define BUSINESS_CHANGE_H

#include "app/letters/letter.h"

struct business_change {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name;
    int64_t letter_id;
    enum change_kind { CHANGE_NEW_BUSINESS = 1, CHANGE_LARGE } kind;
    const char *name;
    struct date train_by, guide_from;
    enum week { WEEK_NATURAL_DAYS = 1, WEEK_WORKING_DAYS } week;
    int64_t training_id; /* that was held on site; 0: not yet */
    int32_t days, written, late;
    enum business_change_state { BUSINESS_CHANGE_RUNNING = 1, BUSINESS_CHANGE_DONE } state;
};
extern const struct resource BUSINESS_CHANGES;

/* One day of guidance: owed from the beginning, written once. */
struct guidance_log {
    RECORD_MEMBERS;
    int64_t change_id, contract_id;
    const char *change_name;
    int32_t number;
    struct date day;
    int64_t guide_id;
    const char *guide_name;
    const char *guided, *problems;
    const char *written_by;
    struct instant written_at;
    bool late;   /* after the next working day */
    bool missed; /* derived: neither written nor in time any more */
    enum guidance_state { GUIDANCE_OWED = 1, GUIDANCE_WRITTEN } state;
};
extern const struct resource GUIDANCE_LOGS;

/* The confirmed training by the client that was held on site for it. Results: CONFLICT
 * business_change.trained; INVALID. */
MUST_USE enum result business_change_train(struct ctx *cx, const struct business_change *before,
                                           int64_t training_id);

extern const struct letter_type LETTER_BUSINESS_CHANGE;
extern const struct duty_rule BUSINESS_CHANGE_DUTIES[];
extern const struct right BUSINESS_CHANGE_RIGHTS[];

#endif
