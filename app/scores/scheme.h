/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes: indicators with weights, methods and policies, and grades.
 *
 * Appraisal schemes (考核办法, C2.4) are about people. The provider writes one for each contract
 * and kind of people, consults its staff, and asks the client's consent by letter; executing the
 * letter brings it into force from a month on that is still to come, and ends the one before. What
 * the client consented to never changes.
 *
 * Evaluation schemes (评价办法, V6.1.1) are about long-term contracts, or about a project's
 * supervision itself. A division writes one for what lies below it, guided by the operations
 * centre, which brings it into force or sends it back. */
#ifndef SCHEME_H
#define SCHEME_H

#include "app/letters/letter.h"
#include "app/scores/measure.h"

enum scheme_subject { SCHEME_AGENT = 1, SCHEME_MANAGER, SCHEME_CONTRACT, SCHEME_PROJECT };
enum scheme_state { SCHEME_DRAFT = 1, SCHEME_CONSULTING, SCHEME_IN_FORCE, SCHEME_RETIRED };

enum grade { GRADE_EXCELLENT = 1, GRADE_GOOD, GRADE_PASS, GRADE_FAIL };
extern const char *const GRADES[], *const SCHEME_SUBJECTS[], *const APPRAISED[];
#define GRADES_MOST 4
struct grade_from {
    enum grade grade;
    struct points from; /* this total and more */
};
extern const struct field GRADE_FIELDS[];

/* Whom a scheme treats in another way than the others. */
#define OPTIONS_MOST 5
#define USUAL_LEAST_DAYS 15 /* to have a place, unless a scheme says otherwise */
struct scheme_option {
    enum option_who {
        WHO_NEWCOMER = 1, /* at work for fewer than `days` at the end of the month */
        WHO_PROBATION,    /* likewise; usually for longer */
        WHO_TRANSFER,     /* had an id on another contract in the month, too */
        WHO_PART_MONTH,   /* there on fewer than `days` of the month; 0: not on all of them */
        WHO_TOO_SHORT,    /* likewise, for too few to be ranked */
    } who;
    int32_t days;
    enum option_effect {
        EFFECT_UNRANKED = 1, /* a total, but no place */
        EFFECT_PRORATE,      /* targets of counts and hours by the days that somebody was there */
        EFFECT_LEFT_OUT,     /* no total */
    } effect;
};
extern const struct field OPTION_FIELDS[];
extern const char *const OPTION_WHO[], *const OPTION_EFFECTS[];

struct scheme {
    RECORD_MEMBERS;
    int64_t contract_id, unit_id, provider_id, client_id; /* of people; else the unit and client */
    const char *contract_number, *contract_name, *unit_name;
    enum scheme_subject subject;
    enum service service; /* of contracts that it is for; 0: all */
    const char *name;
    int32_t revision;
    int64_t former_id;
    struct month from_month, to_month;
    const char *indicators, *grades, *options; /* canonical JSON */
    const char *note;
    int32_t rule_version;
    const char *sha256;
    int64_t letter_id;
    const char *letter_number;
    int64_t approver_id;
    const char *approved_by, *reason;
    struct instant approved_at;
    enum scheme_state state;
};
extern const struct resource SCHEMES;

MUST_USE enum result scheme_indicators(struct ctx *cx, const struct scheme *scheme,
                                       struct indicator **out, size_t *out_count);
MUST_USE enum result scheme_grades(struct ctx *cx, const struct scheme *scheme,
                                   struct grade_from **out, size_t *out_count);
MUST_USE enum result scheme_options(struct ctx *cx, const struct scheme *scheme,
                                    struct scheme_option **out, size_t *out_count);
/* About contracts or projects: written by the client's side. */
bool scheme_evaluates(const struct scheme *scheme);
/* What its measures are of. */
enum measured_kind scheme_measures(enum scheme_subject subject);
/* 0: none of them. */
enum grade grade_of(const struct grade_from *grades, size_t count, struct points total);

/* ---- its life. All: CONFLICT scheme.wrong_state ---- */

/* draft -> consulting, and the draft of the letter that asks for consent: *out_letter_id. Results:
 * INVALID with all that is missing: weights of 100, the proof that staff was consulted, a month to
 * come. */
MUST_USE enum result scheme_consult(struct ctx *cx, const struct scheme *scheme,
                                    int64_t *out_letter_id);
/* consulting -> draft, while its letter was not sent, or came to nothing. Results: CONFLICT
 * scheme.asked. */
MUST_USE enum result scheme_retract(struct ctx *cx, const struct scheme *scheme);
/* Evaluation schemes: draft -> consulting, put before the operations centre. Results: INVALID with
 * all that is missing; V5.1.5: the voice of the served party is not left out. */
MUST_USE enum result scheme_put(struct ctx *cx, const struct scheme *scheme);
/* consulting -> in_force, ending the one before, or back to draft with the reason; by another
 * person than who put it. Results: FORBIDDEN scheme.own_approval; INVALID without reason. */
MUST_USE enum result scheme_approve(struct ctx *cx, const struct scheme *scheme);
MUST_USE enum result scheme_return(struct ctx *cx, const struct scheme *scheme, const char *reason);
/* A draft of the next revision. */
MUST_USE enum result scheme_revise(struct ctx *cx, const struct scheme *scheme, int64_t *out_id);
/* Consented to, for that month. Results: NOT_FOUND scheme.none_for. */
MUST_USE enum result scheme_for(struct ctx *cx, int64_t contract_id, enum scheme_subject subject,
                                struct month month, struct scheme *out);

/* Those in force in that month that units have for what lies below them. */
struct unit_scheme {
    int64_t id;
    const char *path;     /* of the unit */
    enum service service; /* 0: all */
};
MUST_USE enum result schemes_of_units(struct ctx *cx, enum scheme_subject subject,
                                      struct month month, struct unit_scheme **out,
                                      size_t *out_count);
/* Of these the one for what belongs to the unit of that path: the nearest one from there upwards,
 * one of the service before one for all. 0: none. */
int64_t scheme_nearest(const struct unit_scheme *schemes, size_t count, const char *path,
                       enum service service);
/* The same, of a single unit. Results: NOT_FOUND scheme.none_for. */
MUST_USE enum result scheme_of_unit(struct ctx *cx, enum scheme_subject subject, int64_t unit_id,
                                    enum service service, struct month month, struct scheme *out);

/* ---- a month by it: tried, or for good (app/appraisal) ---- */

/* What somebody is given beside what is measured: points by hand for an indicator, points taken by
 * evidence, points of a correction (with sign). */
enum given_kind { GIVEN_BY_HAND = 1, GIVEN_PENALTY, GIVEN_ADJUSTMENT };
struct given {
    int64_t person_id;
    enum given_kind kind;
    int64_t record_id;
    const char *indicator;
    struct points points;
    const char *reason;
};
/* Of a contract in a month, by person, kind and record. */
typedef enum result (*given_source)(struct ctx *cx, int64_t contract_id, struct month month,
                                    struct given **out, size_t *out_count);
/* The slice that knows; once at start. Without one nobody is given anything. */
void given_use(given_source source);

struct trial_row {
    int64_t subject_id;                  /* person, contract or project */
    const char *name, *code;             /* of it, and the agent's id or the contract's number */
    struct date joined_on, since, until; /* at work; on the contract */
    bool elsewhere;                      /* had an id on another contract, too */
    int32_t days;                        /* of the month, there */
    unsigned options;                    /* bit n: the scheme's option n applies */
    bool unranked, left_out, prorated;
    bool baseless; /* nobody looked: not graded, whatever the scheme says, but for a veto */
    struct measured *values; /* one for each indicator */
    struct scored *lines;
    const struct given *given;
    size_t given_count;
    struct points deducted, adjusted;
    struct score score;
    bool known; /* something of it that weighs was measured, not only given by a policy */
    int32_t
        rank; /* those alike share the better one; 0 without a total, or when nothing is known */
    enum grade grade;
};
struct trial {
    enum scheme_subject subject;
    int32_t days; /* all that there are */
    const struct indicator *indicators;
    const char **formulas; /* of each of them: "calls.success@1" */
    size_t indicator_count;
    const struct scheme_option *options;
    size_t option_count;
    struct trial_row *rows; /* by rank, then by code and name */
    size_t count;
    /* What was read for another scheme, of the same days; NULL: nothing. */
    struct measuring_memo *memo;
};
/* What is asked of somebody who was there on so many of the days: targets of counts and hours. */
struct indicator indicator_prorated(const struct indicator *indicator, int32_t days, int32_t of);
/* Indicators that weigh and of which nobody at all has a value, by name; "" there is none. */
const char *trial_blank(struct ctx *cx, const struct trial *trial);
/* What everybody concerned comes to in that month: whoever had an id on the contract, or the
 * provider's managers. */
MUST_USE enum result scheme_trial(struct ctx *cx, const struct scheme *scheme, struct month month,
                                  struct trial *out);
/* What those of out->rows (subject_id rising, with what each is given) come to in these days; the
 * rows stay in their order, and nobody has a place. */
MUST_USE enum result scheme_score(struct ctx *cx, const struct scheme *scheme, struct date from,
                                  struct date to, struct trial *out);

/* What the people would come to by the scheme that holds for that month, if it is another one: its
 * rows by person, for trial_person. No rows: there is none to compare with. */
MUST_USE enum result scheme_trial_before(struct ctx *cx, const struct scheme *scheme,
                                         struct month month, struct trial *out);
/* NULL: none of a trial whose rows are by what they are about. */
const struct trial_row *trial_person(const struct trial *trial, int64_t person_id);

extern const struct letter_type LETTER_SCHEME_CONSENT;
extern const struct right SCORE_RIGHTS[];

#endif
