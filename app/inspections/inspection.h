/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inspections (V3.5, V5.1.3): somebody of the client goes through an area by the items of the
 * standard in force, and says of each whether it passes.
 *
 * An inspection carries its items: they are frozen into it when it begins, and what was found does
 * not change once it is finished. It may have been done where there is no network: the phone sends
 * it later, under a name of its own by which it is known when it comes again. The server's clock
 * decides what is late; what the phone's said is kept beside it. The provider's companion signs, if
 * need be with an objection. What makes an inspection hard to believe is marked and judged by
 * people (trust.h); what fails is rectified (rectification.h). */
#ifndef INSPECTION_H
#define INSPECTION_H

#include "app/areas/area.h"
#include "app/inspections/inspection_plan.h"
#include "app/standards/standard.h"

/* ---- what is found ---- */

#define INSPECTION_ITEMS_MOST STANDARD_ITEMS_MOST
enum item_result { RESULT_PASS = 1, RESULT_FAIL, RESULT_NA };
struct inspection_item {
    int64_t item_id; /* of the standard */
    enum category category;
    const char *part, *text, *term; /* where, what is asked for, by which term of the contract */
    enum item_method method;
    enum item_frequency frequency;
    struct points points;    /* that can be had */
    struct points deduction; /* for each finding */
    bool photo, fatal;
    enum item_result result; /* 0: not judged yet */
    int32_t findings;        /* in how many spots it fails */
    struct points deducted;
    const char *note;
    int64_t rectification_id;
    bool linked; /* the same problem is being rectified already: it costs nothing once more */
};
extern const struct field INSPECTION_ITEM_FIELDS[];
extern const char *const ITEM_RESULTS[];

/* What an inspector says of an item. What a finding costs is the standard's to say: so much for
 * each spot until the points are gone, and all of them at once where it says nothing or is fatal.
 */
struct inspection_answer {
    int64_t item_id;
    enum item_result result;
    int32_t findings; /* of what fails; 0: one */
    const char *note;
    struct date due_on; /* until when it is to be rectified; none: as usual */
};
extern const struct field INSPECTION_ANSWER_FIELDS[];

/* The one place where an inspection is scored: what the items that could be judged were given, of
 * what they could have been given, times 100, in hundredths, half up. No item falls below nothing.
 * A fatal item that fails makes it 0, unless it is linked. `upheld`: bit n: the finding at place
 * n + 1 was taken back. */
struct inspection_score {
    struct points score, deducted;
    int32_t passed, failed, not_applicable;
    bool fatal;
    bool nothing; /* no item could be judged: there is no score, which is not 0 */
};
struct places {
    uint64_t bits[(INSPECTION_ITEMS_MOST + 63) / 64];
};
struct inspection_score inspection_score(const struct inspection_item *items, size_t count,
                                         const struct places *upheld);
/* "3 17" and back; NULL when it is none. */
const char *places_text(struct arena *arena, const struct places *places);
struct places places_read(const char *text);
bool places_has(const struct places *places, int32_t place);
void places_add(struct places *places, int32_t place);

/* ---- inspections ---- */

enum inspection_state {
    INSPECTION_OPEN = 1,
    INSPECTION_FINISHED,
    INSPECTION_COUNTERSIGNED,
    INSPECTION_VOID
};
struct inspection {
    RECORD_MEMBERS;
    int64_t contract_id, provider_id, client_id, unit_id, area_id, standard_id, task_id;
    const char *contract_name, *provider_name, *unit_name, *area_name, *standard_name;
    enum inspection_level level;
    const char *uid;
    int64_t inspector_id;
    const char *inspector_name;
    struct instant started_at, finished_at; /* by the server's clock */
    struct instant device_started_at, device_finished_at;
    int32_t latitude, longitude; /* millionths of a degree; both 0: not known */
    const char *items;           /* JSON of inspection_item */
    int32_t passed, failed, not_applicable;
    struct points deducted, score;
    bool fatal;
    const char *upheld; /* places of findings that appeals took back */
    struct month month;
    const char *remark;
    struct instant appeal_by, countersigned_at;
    int64_t companion_id;
    const char *companion_name, *objection;
    bool doubtful;
    const char *void_reason;
    enum inspection_state state;
    const char *sha256; /* of what is signed */
};
extern const struct resource INSPECTIONS;

MUST_USE enum result inspection_items(struct ctx *cx, const struct inspection *inspection,
                                      struct inspection_item **out, size_t *out_count);

/* What a new one begins with. */
extern const struct field INSPECTION_BEGINNING[]; /* of inspection */
/* Begins, or finds the one of this inspector that has that uid already. Results: FORBIDDEN
 * inspection.client_only, inspection.level; CONFLICT inspection.standard_changed (the one that the
 * phone had is not in force any more), inspection.task_over; INVALID with V3.5, V5.1.2. */
MUST_USE enum result inspection_begin(struct ctx *cx, struct inspection *inspection);

/* All of them: CONFLICT inspection.wrong_state.
 *
 * By the inspector. `rest_passes`: what is not answered passes, where the level allows it and
 * for items that are neither fatal nor want a photo. Once more with the same uid is no error but
 * nothing. Results: FORBIDDEN inspection.not_yours; INVALID items.N.…, rest_passes. */
struct inspection_finish {
    const struct inspection_answer *answers;
    size_t count;
    bool rest_passes;
    const char *remark;
    struct instant device_finished_at;
};
MUST_USE enum result inspection_finish(struct ctx *cx, const struct inspection *inspection,
                                       const struct inspection_finish *finish);
/* By the provider's companion, with or without an objection. Results: FORBIDDEN
 * inspection.provider_signs; CONFLICT inspection.changed (not what was shown), signature.twice. */
MUST_USE enum result inspection_countersign(struct ctx *cx, const struct inspection *inspection,
                                            const char *sha256_seen, const char *objection);
/* By the inspector while it is open; once it is finished by somebody else of the client who leads,
 * and who did not do the same task. What another inspection of the task had found, too, is its from
 * then on, and so is the task. Results: FORBIDDEN inspection.not_yours, inspection.own_void;
 * INVALID without reason. */
MUST_USE enum result inspection_void(struct ctx *cx, const struct inspection *inspection,
                                     const char *reason);
bool inspection_is_voidable(struct ctx *cx, const struct inspection *inspection);
/* Others that were submitted for the same task, the earliest first: two phones had begun it before
 * either was done. */
MUST_USE enum result inspections_of_task(struct ctx *cx, const struct inspection *inspection,
                                         struct inspection **out, size_t *out_count);
/* A finding was taken back: the score is worked out anew. */
MUST_USE enum result inspection_uphold(struct ctx *cx, int64_t id, int32_t place);

/* How long a finding may be appealed against. */
#define APPEAL_WORKING_DAYS 5
struct instant appeal_end(struct ctx *cx);

/* ---- by what ---- */

/* The standard that this contract is inspected by today, its items as an inspection begins with
 * them. Results: NOT_FOUND without a fault: none is in force. */
MUST_USE enum result inspection_standard(struct ctx *cx, const struct contract *contract,
                                         struct standard *out, struct inspection_item **out_items,
                                         size_t *out_count);
/* Is an item of that frequency looked at in a task that comes so often? A monthly check looks at
 * what is due daily, too; who comes unasked (0) looks at everything. */
bool frequency_is_asked(enum plan_frequency comes, enum item_frequency item);
/* The areas of a contract today, by name. */
MUST_USE enum result areas_of_contract(struct ctx *cx, const struct contract *contract,
                                       struct area **out, size_t *out_count);
/* Rejects area_id when it is no area of this contract today. */
MUST_USE enum result check_area(struct ctx *cx, int64_t area_id, const struct contract *contract);
/* Where an area is, in millionths of a degree; 0 and 0 when nobody said. */
MUST_USE enum result area_place(struct ctx *cx, int64_t area_id, int32_t *out_latitude,
                                int32_t *out_longitude);
/* Somebody says it. */
struct area_position {
    RECORD_MEMBERS;
    int64_t area_id, client_id, unit_id;
    const char *area_name;
    int32_t latitude, longitude;
};
extern const struct resource AREA_POSITIONS;

MUST_USE enum result judge_countersigning(struct ctx *cx, const void *record, struct duty *duty,
                                          enum owing *out);

extern const struct duty_rule INSPECTION_DUTIES[];
extern const struct right INSPECTION_RIGHTS[];
/* The rows of INSPECTION_DUTIES. */
enum {
    DUTY_INSPECT,
    DUTY_COUNTERSIGN,
    DUTY_RECTIFY,
    DUTY_REINSPECT,
    DUTY_DECIDE_FINDING,
    DUTY_CONFIRM_TREATMENT,
    DUTY_CONFIRM_MAINTENANCE
};

#endif
