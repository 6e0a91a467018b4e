/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a contract needs before it takes effect, and the steps of its life. */
#include "app/contracts/contract.h"

#include "app/contracts/contract.sql.h"
#include "app/contracts/contract_private.h"
#include "app/notices/notice.h"
#include "base/texts.h"

#include <string.h>

/* ---- requirements: one line each, in the order of the clauses ---- */

struct judged {
    struct ctx *cx;
    const struct contract *contract;
    const char *detail;
};

static struct date today(const struct judged *judged)
{
    return instant_date(judged->cx->now, SHANGHAI_OFFSET_MIN);
}

/* Named, and has not left since. */
static enum result has_person(struct judged *judged, int64_t person, const char *name,
                              enum requirement_state *out)
{
    int64_t organisation = 0;
    judged->detail = name;
    if (person)
        TRY(person_works(judged->cx, person, today(judged), &organisation));
    *out = organisation ? REQUIREMENT_MET : REQUIREMENT_MISSING;
    return OK;
}

static enum result has_executor(struct judged *judged, enum requirement_state *out)
{
    return has_person(judged, judged->contract->executor_id, judged->contract->executor_name, out);
}

static enum result has_terms(struct judged *judged, enum requirement_state *out)
{
    int64_t count;
    TRY(db_int(judged->cx, &q_term_count, PARAMS(P(judged->contract->id)), &count));
    judged->detail = count ? arena_printf(judged->cx->mem, "%lld", (long long)count) : "";
    *out = count ? REQUIREMENT_MET : REQUIREMENT_MISSING;
    return OK;
}

static enum result has_briefing(struct judged *judged, enum requirement_state *out)
{
    static const enum requirement_state STATES[] = {
        [BRIEFING_MISSING] = REQUIREMENT_MISSING,    [BRIEFING_OPEN] = REQUIREMENT_PARTLY,
        [BRIEFING_HALF] = REQUIREMENT_PARTLY,        [BRIEFING_DONE] = REQUIREMENT_MET,
        [BRIEFING_SUPERSEDED] = REQUIREMENT_MISSING,
    };
    char day[DATE_MAX_TEXT];
    date_format(judged->contract->briefed_on, day);
    judged->detail = arena_dup(judged->cx->mem, day);
    *out = STATES[judged->contract->briefing];
    return OK;
}

static enum result has_declaration(struct judged *judged, enum requirement_state *out)
{
    *out = judged->contract->no_subcontracting ? REQUIREMENT_MET : REQUIREMENT_MISSING;
    return OK;
}

static enum result has_served_party(struct judged *judged, enum requirement_state *out)
{
    judged->detail = text_plain(judged->cx->mem, judged->contract->served_party_clause);
    *out = *judged->detail || judged->contract->kind != CONTRACT_CONTINUOUS ? REQUIREMENT_MET
                                                                            : REQUIREMENT_MISSING;
    return OK;
}

static enum result has_contact(struct judged *judged, enum requirement_state *out)
{
    return has_person(judged, judged->contract->contact_id, judged->contract->contact_name, out);
}

static enum result has_admitted_provider(struct judged *judged, enum requirement_state *out)
{
    bool is_admitted;
    TRY(provider_admitted(judged->cx, judged->contract->provider_id, &is_admitted));
    judged->detail = judged->contract->provider_name;
    *out = is_admitted ? REQUIREMENT_MET : REQUIREMENT_MISSING;
    return OK;
}

static enum result has_fit_provider(struct judged *judged, enum requirement_state *out)
{
    struct ctx *cx = judged->cx;
    struct fault kept = fault_take(cx);
    TRY(provider_fitness(cx, judged->contract->provider_id, today(judged), "provider_id"));
    const struct field_fault *found = cx->fault.fields;
    judged->detail = found ? found->args[1] : judged->contract->provider_name;
    cx->fault = kept;
    *out = found ? REQUIREMENT_MISSING : REQUIREMENT_MET;
    return OK;
}

static bool always(const struct contract *contract)
{
    return true;
}

static bool is_continuous(const struct contract *contract)
{
    return contract->kind == CONTRACT_CONTINUOUS;
}

static bool is_outbound(const struct contract *contract)
{
    return contract->service == SERVICE_OUTBOUND_CALL;
}

static const struct {
    const char *code, *clause;
    bool (*applies)(const struct contract *contract);
    enum result (*judge)(struct judged *judged, enum requirement_state *out);
} REQUIREMENTS[] = {
    {"no_executor", "V5.1.1", always, has_executor},
    {"no_terms", "V5.1.2", always, has_terms},
    {"no_briefing", "V5.1.2", always, has_briefing},
    {"no_declaration", "V5.1.4", always, has_declaration},
    {"no_served_party_clause", "V5.1.5", is_continuous, has_served_party},
    {"no_contact", "C2.7", is_outbound, has_contact},
    {"provider_not_admitted", "X5", always, has_admitted_provider},
    {"provider_not_fit", "X5", always, has_fit_provider},
};
#define REQUIREMENT_COUNT (sizeof REQUIREMENTS / sizeof REQUIREMENTS[0])

static const char *const REQUIREMENT_STATES[] = {"missing", "partly", "met", NULL};
const struct field REQUIREMENT_FIELDS[] = {
    FIELD(requirement, code),
    FIELD(requirement, clause),
    FIELD_ENUM(requirement, state, REQUIREMENT_STATES),
    FIELD(requirement, detail),
    FIELDS_END,
};

enum result contract_requirements(struct ctx *cx, const struct contract *contract,
                                  struct requirement **out, size_t *out_count)
{
    *out = ARENA_ARRAY(cx->mem, struct requirement, REQUIREMENT_COUNT);
    *out_count = 0;
    for (size_t i = 0; i < REQUIREMENT_COUNT; i++) {
        struct judged judged = {cx, contract, ""};
        enum requirement_state state;
        if (!REQUIREMENTS[i].applies(contract))
            continue;
        TRY(REQUIREMENTS[i].judge(&judged, &state));
        (*out)[(*out_count)++] = (struct requirement){REQUIREMENTS[i].code, REQUIREMENTS[i].clause,
                                                      state, judged.detail};
    }
    return OK;
}

/* ---- steps ---- */

const char *contract_state_words(struct ctx *cx, const struct contract *contract)
{
    const char *state = choice_name(CONTRACT_STATES, contract->state);
    return texts_get(arena_printf(cx->mem, "contracts.state.%s", state), cx->lang);
}

/* Who works by the contract hears of each step, on both sides. */
static enum result tell(struct ctx *cx, const struct contract *contract, const char *action)
{
    const struct news news = {
        .kind = arena_printf(cx->mem, "contract.%s", action),
        .subject = &CONTRACTS,
        .subject_id = contract->id,
        .title = contract->name,
        .detail = contract->state_reason,
        .urgent = contract->state == CONTRACT_SUSPENDED || contract->state == CONTRACT_TERMINATED,
    };
    TRY(notice_person(cx, contract->executor_id, &news));
    TRY(notice_person(cx, contract->contact_id, &news));
    return notice_roles(cx, contract->provider_id, 0, R(PROVIDER), &news);
}

static enum result step(struct ctx *cx, const struct contract *before, const char *action,
                        enum contract_state state, const char *reason)
{
    struct contract after = *before;
    after.state = state;
    after.state_at = cx->now;
    after.state_by = cx->actor->person_name;
    after.state_reason = reason;
    TRY(record_change(cx, &CONTRACTS, action, before, &after));
    return tell(cx, &after, action);
}

/* Results: CONFLICT contract.not_ready with everything that is missing. */
static enum result demand_ready(struct ctx *cx, const struct contract *contract)
{
    struct requirement *requirements;
    size_t count;
    TRY(contract_requirements(cx, contract, &requirements, &count));
    for (size_t i = 0; i < count; i++)
        if (requirements[i].state != REQUIREMENT_MET)
            reject_clause(cx, requirements[i].clause, "", requirements[i].code,
                          requirements[i].detail);
    return rejected_as(cx, CONFLICT, "contract.not_ready");
}

enum result contract_activate(struct ctx *cx, const struct contract *contract)
{
    if (contract->state != CONTRACT_DRAFT)
        return fail(cx, CONFLICT, "contract.wrong_state", contract->number,
                    contract_state_words(cx, contract));
    TRY(demand_ready(cx, contract));
    return step(cx, contract, "activate", CONTRACT_ACTIVE, "");
}

#define FROM_STATE(state) (1u << (state))
static const struct {
    const char *action;
    unsigned from;
    enum contract_state to;
    bool needs_reason;
} STEPS[] = {
    {"suspend", FROM_STATE(CONTRACT_ACTIVE), CONTRACT_SUSPENDED, true},
    {"resume", FROM_STATE(CONTRACT_SUSPENDED), CONTRACT_ACTIVE, false},
    {"end", FROM_STATE(CONTRACT_ACTIVE) | FROM_STATE(CONTRACT_SUSPENDED), CONTRACT_ENDED, true},
    {"terminate", FROM_STATE(CONTRACT_ACTIVE) | FROM_STATE(CONTRACT_SUSPENDED), CONTRACT_TERMINATED,
     true},
};

enum result contract_step(struct ctx *cx, const struct contract *contract, const char *action,
                          const char *reason)
{
    size_t i = 0;
    while (i < sizeof STEPS / sizeof STEPS[0] && strcmp(STEPS[i].action, action) != 0)
        i++;
    if (i == sizeof STEPS / sizeof STEPS[0])
        return fail(cx, NOT_FOUND, "contract.no_such_step", action);
    if (!(STEPS[i].from & FROM_STATE(contract->state)))
        return fail(cx, CONFLICT, "contract.wrong_state", contract->number,
                    contract_state_words(cx, contract));
    if (STEPS[i].needs_reason)
        check_reason(cx, reason);
    TRY(rejected(cx));
    if (STEPS[i].to == CONTRACT_ACTIVE) /* what was in order once may have changed since */
        TRY(demand_ready(cx, contract));
    return step(cx, contract, action, STEPS[i].to, reason);
}

enum result contract_briefing_set(struct ctx *cx, int64_t contract_id, enum contract_briefing state,
                                  struct date briefed_on)
{
    struct contract before, after;
    TRY(record_get(cx, &CONTRACTS, contract_id, &before));
    after = before;
    after.briefing = state;
    after.briefed_on = briefed_on;
    return record_change(cx, &CONTRACTS, "brief", &before, &after);
}
