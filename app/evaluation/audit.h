/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The audit centre over evaluation (V3.2): samples that anybody can draw again from their seed,
 * findings that must be answered, and who stands how to which provider. It changes nothing of what
 * it looks at. */
#ifndef AUDIT_H
#define AUDIT_H

#include "app/evaluation/evaluation.h"

/* ---- conflicts of interest ---- */

enum interest { INTEREST_NONE = 1, INTEREST_KIN, INTEREST_MONEY, INTEREST_WORK, INTEREST_OTHER };
extern const char *const INTERESTS[];
struct interest_declaration {
    RECORD_MEMBERS;
    int64_t person_id, client_id, provider_id;
    const char *person_name, *provider_name;
    enum interest interest;
    const char *words;
};
extern const struct resource INTEREST_DECLARATIONS;
/* The last word of the actor about a provider: 0 none. */
MUST_USE enum result interest_of(struct ctx *cx, int64_t provider_id, enum interest *out);

/* ---- samples ---- */

struct audit_sample {
    RECORD_MEMBERS;
    int64_t organisation_id;
    enum sample_source { SAMPLE_EVALUATIONS = 1, SAMPLE_ACCEPTANCES } source;
    struct date from, to; /* submitted, or decided, on one of these days */
    int32_t count;        /* wanted */
    const char *seed;     /* by chance, never stated by who draws */
    int32_t pool;         /* there were */
    const char *drawn;    /* ids with spaces between */
    int64_t drawer_id;
    const char *drawn_by;
};
extern const struct resource AUDIT_SAMPLES;
extern const char *const SAMPLE_SOURCES[]; /* names of resources */
#define SAMPLE_MOST 200
/* The drawn ids, in their order. */
size_t sample_ids(const struct audit_sample *sample, int64_t out[SAMPLE_MOST]);

/* ---- findings ---- */

enum finding_severity { FINDING_MINOR = 1, FINDING_SERIOUS };
enum audit_finding_state { AUDIT_FINDING_OPEN = 1, AUDIT_FINDING_ANSWERED, AUDIT_FINDING_CLOSED };
struct audit_finding {
    RECORD_MEMBERS;
    int64_t organisation_id, unit_id, evaluation_id, acceptance_id, sample_id;
    const char *unit_name, *evaluation_period;
    enum finding_severity severity;
    const char *subject, *words;
    int64_t finder_id;
    const char *found_by;
    struct instant answer_by;
    const char *answer;
    int64_t answerer_id;
    const char *answered_by;
    struct instant answered_at;
    const char *reason;
    struct instant closed_at;
    enum audit_finding_state state;
};
extern const struct resource AUDIT_FINDINGS;
/* open -> answered. Results: CONFLICT finding.wrong_state; INVALID without words. */
MUST_USE enum result finding_answer(struct ctx *cx, const struct audit_finding *finding,
                                    const char *answer);
/* answered -> closed, or back to open, with the reason. */
MUST_USE enum result finding_close(struct ctx *cx, const struct audit_finding *finding,
                                   const char *reason);
MUST_USE enum result finding_again(struct ctx *cx, const struct audit_finding *finding,
                                   const char *reason);

extern const struct duty_rule AUDIT_DUTIES[];
extern const struct right AUDIT_RIGHTS[];

#endif
