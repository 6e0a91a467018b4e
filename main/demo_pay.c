/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo_pay.h"

#include "app/agents/agent.h"
#include "app/appraisal/month.h"
#include "app/pay/pay.h"
#include "main/demo_deeds.h"

#define REGION "杭州市区"
#define HISTORY 4 /* months before this one in which the terms begin */

/* clang-format off */
static const struct {
    enum job job;
    int64_t base_fen, performance_base_fen;
} TERMS_OF[] = {
    {JOB_AGENT,        290000, 200000},
    {JOB_QA,           360000, 180000},
    {JOB_SUPERVISOR,   420000, 220000},
    {JOB_DUTY_MANAGER, 520000, 260000},
    {JOB_MANAGER,      800000, 400000},
};
static const struct {
    enum scheme_subject subject;
    enum pay_method method;
    const char *bands, *note;
} RULES_OF[] = {
    {SCHEME_AGENT,   PAY_BANDED,       "95=120, 90=110, 80=100, 70=80, 60=60, 0=0", "系数档按员工代表会议通过的办法。"},
    {SCHEME_MANAGER, PAY_PROPORTIONAL, "", ""},
};
/* clang-format on */

struct paying {
    int64_t contract_id;
    struct month from;
    struct actor manager, duty;
};

static enum result tell_terms(struct ctx *cx, const struct paying *paying)
{
    for (size_t i = 0; i < sizeof TERMS_OF / sizeof TERMS_OF[0]; i++) {
        struct pay_terms terms = {.provider_id = paying->manager.organisation_id,
                                  .job = TERMS_OF[i].job,
                                  .from_month = paying->from,
                                  .base_fen = {TERMS_OF[i].base_fen},
                                  .performance_base_fen = {TERMS_OF[i].performance_base_fen},
                                  .whose = "",
                                  .note = ""};
        TRY(record_add(cx, &PAY_TERMS, &terms));
    }
    return OK;
}

static enum result tell_rules(struct ctx *cx, const struct paying *paying)
{
    struct minimum_wage minimum = {.provider_id = paying->manager.organisation_id,
                                   .region = REGION,
                                   .from_month = paying->from,
                                   .amount_fen = {249000},
                                   .deduction_share = {2000},
                                   .basis = "示例数据，请按当地人社部门公布的标准核对"};
    TRY(record_add(cx, &MINIMUM_WAGES, &minimum));
    for (size_t i = 0; i < sizeof RULES_OF / sizeof RULES_OF[0]; i++) {
        struct pay_rule rule = {.contract_id = paying->contract_id,
                                .contract_name = "",
                                .subject = RULES_OF[i].subject,
                                .from_month = paying->from,
                                .method = RULES_OF[i].method,
                                .bands = RULES_OF[i].bands,
                                .unscored = UNSCORED_FULL,
                                .month_days = {2175},
                                .sick_share = {6000},
                                .region = REGION,
                                .note = RULES_OF[i].note};
        TRY(record_add(cx, &PAY_RULES, &rule));
    }
    return OK;
}

/* A headset that was broken: agreed to by the person, who has an account. */
static enum result tell_compensation(struct ctx *cx, const struct paying *paying)
{
    struct actor agent;
    struct pay_entry entry = {.contract_id = paying->contract_id,
                              .contract_name = "",
                              .person_name = "",
                              .kind = ENTRY_COMPENSATION,
                              .month = paying->from,
                              .amount_fen = {12000},
                              .fact = "个人保管的耳麦摔坏，送修报价 120 元（报价单附后）。",
                              .basis = "劳动合同第九条：因本人原因损坏设备按实际维修费赔偿。",
                              .recorder_name = "",
                              .approver_name = "",
                              .reason = ""};
    TRY(demo_become(cx, "agent", &agent));
    entry.person_id = agent.person_id;
    entry.month.months += HISTORY - 1;
    cx->actor = &paying->duty;
    TRY(record_add(cx, &PAY_ENTRIES, &entry));
    TRY(record_get(cx, &PAY_ENTRIES, entry.id, &entry));
    cx->actor = &agent;
    TRY(pay_entry_agree(cx, &entry));
    cx->actor = &paying->manager;
    TRY(record_get(cx, &PAY_ENTRIES, entry.id, &entry));
    return pay_entry_approve(cx, &entry);
}

static enum result tell_sheet(struct ctx *cx, const struct paying *paying, int64_t month_id)
{
    struct pay_sheet sheet;
    int64_t id;
    cx->actor = &paying->duty;
    TRY(pay_draft(cx, month_id, &id));
    cx->actor = &paying->manager;
    TRY(record_get(cx, &PAY_SHEETS, id, &sheet));
    return pay_approve(cx, &sheet, "");
}

static enum result tell(struct ctx *cx, void *host)
{
    struct paying *paying = host;
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list agents, months;
    TRY(demo_become(cx, "provider", &paying->manager));
    TRY(demo_become(cx, "duty", &paying->duty));
    TRY(record_list(cx, &AGENTS, &(struct list_query){.limit = 1, .sort = "id"}, &agents));
    paying->contract_id = ((const struct agent *)agents.rows)->contract_id;
    paying->from = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    paying->from.months -= HISTORY;
    cx->actor = &paying->manager;
    TRY(tell_terms(cx, paying));
    TRY(tell_rules(cx, paying));
    TRY(tell_compensation(cx, paying));
    (void)list_condition(cx, &MONTHS, "state", "locked", &query);
    cx->actor = &ACTOR_SYSTEM;
    TRY(record_list(cx, &MONTHS, &query, &months));
    for (size_t i = 0; i < months.count; i++)
        TRY(tell_sheet(cx, paying, ((const struct appraisal_month *)months.rows)[i].id));
    return OK;
}

bool demo_pay(struct world *world)
{
    struct paying paying;
    return !world->config.demo_calls || world_write(world, tell, &paying);
}
