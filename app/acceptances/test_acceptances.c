/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/acceptances/test_acceptances.h"

#include "app/contracts/test_contracts.h"
#include "app/evaluation/test_evaluations.h"

static int64_t put(struct world *world, const struct resource *resource, void *record)
{
    if (add(world, resource, record) != OK)
        fail_msg("%s: %s %s", resource->name, world->test.cx.fault.code,
                 world->test.cx.fault.fields ? world->test.cx.fault.fields->code : "");
    return ((struct record *)record)->id;
}

struct accepting accepting_of(struct world *world)
{
    struct accepting cast = {.world = world, .contract = an_active_contract(world)};
    a_term(world, cast.contract, "2");
    tamper(world, "UPDATE contracts SET kind = 'one_off', amount_fen = 10000000, warranty_months = "
                  "12, retention_share = 500, briefing = 'signed', starts_on = '2026-01-01'");
    cast.lead = member_of(world, world->project, R(PM));
    cast.member = member_of(world, world->project, R(EXECUTOR));
    cast.outside = member_of(world, world->headquarters, R(OPS));
    cast.audit = member_of(world, world->headquarters, R(AUDIT));
    cast.provider = outsider_of(world, world->provider, R(PROVIDER));
    return cast;
}

void a_document_at(struct world *world, const struct resource *resource, int64_t id)
{
    tamper(world,
           arena_printf(world->test.arena,
                        "INSERT INTO documents (version, created_at, updated_at, name, media_type, "
                        "size, sha256, subject, subject_id, retention, keep_until, legal_hold, "
                        "reason, uploaded_by, state, erased, search_key) VALUES (1, 1772400000000, "
                        "1772400000000, 'p.txt', 'text/plain', 1, 'ab', '%s', %lld, 'long', '', "
                        "FALSE, '', '', 'kept', FALSE, 'p.txt')",
                        resource->name, (long long)id));
}

struct stepping {
    acceptance_step taken;
    acceptance_saying saying;
    int64_t id;
    const char *words;
};

static enum result step_run(struct ctx *cx, void *host)
{
    const struct stepping *stepping = host;
    struct acceptance acceptance;
    TRY(record_get(cx, &ACCEPTANCES, stepping->id, &acceptance));
    return stepping->taken ? stepping->taken(cx, &acceptance)
                           : stepping->saying(cx, &acceptance, stepping->words);
}

enum result accept_step(struct accepting *cast, const struct actor *actor, acceptance_step taken,
                        int64_t id)
{
    struct stepping stepping = {.taken = taken, .id = id};
    act(cast->world, actor);
    return attempt(cast->world, step_run, &stepping);
}

enum result accept_saying(struct accepting *cast, const struct actor *actor,
                          acceptance_saying saying, int64_t id, const char *words)
{
    struct stepping stepping = {.saying = saying, .id = id, .words = words};
    act(cast->world, actor);
    return attempt(cast->world, step_run, &stepping);
}

struct acceptance acceptance_now(struct accepting *cast, int64_t id)
{
    struct acceptance acceptance;
    act(cast->world, &ACTOR_SYSTEM);
    get(cast->world, &ACCEPTANCES, id, &acceptance);
    return acceptance;
}

static enum result countersign(struct ctx *cx, const struct acceptance *acceptance,
                               const char *sha256)
{
    return acceptance_countersign(cx, acceptance, sha256, "");
}

enum result accept_sign(struct accepting *cast, const struct actor *actor, int64_t id)
{
    const struct acceptance now = acceptance_now(cast, id);
    return accept_saying(cast, actor, actor->side == SIDE_PROVIDER ? countersign : acceptance_sign,
                         id, now.sha256);
}

/* ---- as far as it has come ---- */

int64_t a_requested_acceptance(struct accepting *cast)
{
    struct acceptance acceptance = {.contract_id = cast->contract,
                                    .completed_on = date_of(2026, 3, 1),
                                    .claimed_fen = {10000000}};
    fields_blank(ACCEPTANCES.fields, &acceptance);
    acceptance.work = "Done";
    act(cast->world, cast->provider);
    put(cast->world, &ACCEPTANCES, &acceptance);
    a_document_at(cast->world, &ACCEPTANCES, acceptance.id);
    assert_int_equal(accept_step(cast, cast->provider, acceptance_request, acceptance.id), OK);
    return acceptance.id;
}

int64_t a_member(struct accepting *cast, int64_t acceptance, const struct actor *actor)
{
    struct acceptance_member member = {.acceptance_id = acceptance, .person_id = actor->person_id};
    fields_blank(ACCEPTANCE_MEMBERS.fields, &member);
    act(cast->world, cast->outside);
    return put(cast->world, &ACCEPTANCE_MEMBERS, &member);
}

int64_t a_convened_acceptance(struct accepting *cast)
{
    const int64_t id = a_requested_acceptance(cast);
    const struct actor *panel[] = {cast->lead, cast->member, cast->outside};
    for (size_t i = 0; i < sizeof panel / sizeof panel[0]; i++) {
        a_member(cast, id, panel[i]);
        declare(cast->world, panel[i], INTEREST_NONE);
    }
    assert_int_equal(accept_step(cast, cast->lead, acceptance_convene, id), OK);
    return id;
}

struct judging {
    int64_t acceptance;
    enum check_result result;
};

static enum result judge_run(struct ctx *cx, void *host)
{
    const struct judging *judging = host;
    struct acceptance_item *items;
    size_t count;
    TRY(acceptance_items(cx, judging->acceptance, &items, &count));
    for (size_t i = 0; i < count; i++) {
        struct acceptance_item said = {.result = i ? CHECK_PASS : judging->result,
                                       .measured = "3 mm",
                                       .note = i ? "" : "A crack"};
        if (said.result == CHECK_DEFECT)
            said.due_on = date_add(instant_date(cx->now, SHANGHAI_OFFSET_MIN), 30);
        TRY(acceptance_item_judge(cx, &items[i], &said, 0));
    }
    return OK;
}

void check_all(struct accepting *cast, const struct actor *actor, int64_t id,
               enum check_result result)
{
    act(cast->world, actor);
    assert_int_equal(attempt(cast->world, judge_run, &(struct judging){id, result}), OK);
}

int64_t a_checked_acceptance(struct accepting *cast, enum check_result result)
{
    const int64_t id = a_convened_acceptance(cast);
    check_all(cast, cast->member, id, result);
    return id;
}

struct deciding {
    int64_t id;
    enum acceptance_outcome outcome;
};

static enum result decide_run(struct ctx *cx, void *host)
{
    const struct deciding *deciding = host;
    struct acceptance acceptance, decision;
    TRY(record_get(cx, &ACCEPTANCES, deciding->id, &acceptance));
    decision = acceptance;
    decision.outcome = deciding->outcome;
    decision.conclusion = "So it is";
    if (deciding->outcome != OUTCOME_REFUSED)
        decision.accepted_fen = acceptance.claimed_fen;
    return acceptance_decide(cx, &acceptance, &decision);
}

enum result acceptance_decided(struct accepting *cast, int64_t id, enum acceptance_outcome outcome)
{
    act(cast->world, cast->lead);
    return attempt(cast->world, decide_run, &(struct deciding){id, outcome});
}

int64_t a_signed_acceptance(struct accepting *cast, enum check_result result,
                            enum acceptance_outcome outcome)
{
    const int64_t id = a_checked_acceptance(cast, result);
    assert_int_equal(acceptance_decided(cast, id, outcome), OK);
    assert_int_equal(accept_sign(cast, cast->lead, id), OK);
    assert_int_equal(accept_sign(cast, cast->member, id), OK);
    assert_int_equal(accept_sign(cast, cast->outside, id), OK);
    assert_int_equal(accept_sign(cast, cast->provider, id), OK);
    return id;
}

int64_t a_final_acceptance(struct accepting *cast, enum check_result result,
                           enum acceptance_outcome outcome)
{
    const int64_t id = a_signed_acceptance(cast, result, outcome);
    assert_int_equal(accept_step(cast, cast->audit, acceptance_pass, id), OK);
    return id;
}

void one_of_each_of_an_acceptance(struct world *world, int64_t contract)
{
    const struct actor *before = world->test.cx.actor;
    struct acceptance acceptance = {
        .contract_id = contract, .completed_on = date_of(2026, 3, 1), .claimed_fen = {1}};
    struct acceptance_member member = {.person_id = a_person(world, world->client, world->project)};
    struct acceptance_item item = {.result = 0};
    struct acceptance_defect defect = {.due_on = date_of(2026, 4, 1)};
    fields_blank(ACCEPTANCES.fields, &acceptance);
    fields_blank(ACCEPTANCE_MEMBERS.fields, &member);
    fields_blank(ACCEPTANCE_ITEMS.fields, &item);
    fields_blank(ACCEPTANCE_DEFECTS.fields, &defect);
    acceptance.work = "Done";
    item.term = "1.7";
    item.requirement = "Dry";
    defect.found = "Wet";
    act(world, &ACTOR_SYSTEM);
    tamper(world, "UPDATE contracts SET kind = 'one_off', starts_on = '2026-01-01', amount_fen = "
                  "10000000");
    member.acceptance_id = item.acceptance_id = defect.acceptance_id =
        put(world, &ACCEPTANCES, &acceptance);
    tamper(world, "UPDATE acceptances SET state = 'requested'");
    put(world, &ACCEPTANCE_MEMBERS, &member);
    tamper(world, "UPDATE acceptances SET state = 'convened'");
    tamper(world, arena_printf(world->test.arena,
                               "INSERT INTO terms (version, created_at, updated_at, contract_id, "
                               "number, topic, text) VALUES (1, 1, 1, %lld, '1.7', 'scope', 'Dry')",
                               (long long)contract));
    put(world, &ACCEPTANCE_ITEMS, &item);
    tamper(world, "DELETE FROM terms WHERE number = '1.7'"); /* other tests count them */
    tamper(world, "UPDATE acceptances SET state = 'final', outcome = 'accepted', warranty_ends_on "
                  "= '2027-03-01'");
    put(world, &ACCEPTANCE_DEFECTS, &defect);
    tamper(world, "UPDATE contracts SET kind = 'continuous'");
    act(world, before);
}
