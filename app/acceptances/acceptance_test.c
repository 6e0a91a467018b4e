/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* X3: nothing of a one-off contract is accepted by less than a panel that checked every term, nor
 * without both sides' names and audit's chance; and what is left to mend is mended or charged. */
#include "app/acceptances/test_acceptances.h"
#include "app/documents/documents.h"
#include "app/evaluation/test_evaluations.h"

static struct accepting cast_of(void **state)
{
    return accepting_of(*state);
}

static void X3_what_is_presented_is_checked_decided_signed_and_final(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_final_acceptance(&cast, CHECK_PASS, OUTCOME_ACCEPTED);
    const struct acceptance final = acceptance_now(&cast, id);
    assert_int_equal(final.state, ACCEPTANCE_FINAL);
    assert_int_equal(final.outcome, OUTCOME_ACCEPTED);
    assert_int_equal(final.accepted_fen.fen, 10000000);
    assert_int_equal(final.auditor_id, cast.audit->person_id);
    assert_true(final.warranty_ends_on.days >= final.checked_on.days + 365);
    int64_t found;
    assert_int_equal(acceptance_of_contract(&cast.world->test.cx, cast.contract, &found), OK);
    assert_int_equal(found, id);
}

static enum result countersign_objecting(struct ctx *cx, const struct acceptance *acceptance,
                                         const char *sha256)
{
    return acceptance_countersign(cx, acceptance, sha256, "Term 2 was met");
}

/* Signed by the panel. */
static int64_t decided_and_signed(struct accepting *cast)
{
    const int64_t id = a_checked_acceptance(cast, CHECK_PASS);
    assert_int_equal(acceptance_decided(cast, id, OUTCOME_ACCEPTED), OK);
    assert_int_equal(accept_sign(cast, cast->lead, id), OK);
    assert_int_equal(accept_sign(cast, cast->member, id), OK);
    assert_int_equal(accept_sign(cast, cast->outside, id), OK);
    return id;
}

static void X4_the_providers_objection_is_decided_by_somebody_off_the_panel(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = decided_and_signed(&cast);
    const struct actor *division = member_of(cast.world, cast.world->headquarters, R(DIVISION));
    const struct acceptance decided = acceptance_now(&cast, id);
    assert_int_equal(accept_saying(&cast, division, acceptance_reject, id, "No"), CONFLICT);
    assert_int_equal(accept_saying(&cast, cast.provider, countersign_objecting, id, decided.sha256),
                     OK);
    assert_int_equal(acceptance_now(&cast, id).state, ACCEPTANCE_DISPUTED);
    assert_int_equal(accept_step(&cast, cast.audit, acceptance_pass, id), CONFLICT);
    assert_int_equal(accept_saying(&cast, cast.outside, acceptance_reject, id, "No"), FORBIDDEN);
    assert_code(cast.world, "acceptance.on_panel");
    assert_int_equal(accept_saying(&cast, division, acceptance_reject, id, ""), INVALID);
    assert_int_equal(accept_saying(&cast, division, acceptance_reject, id, "Measured"), OK);
    const struct acceptance rejected = acceptance_now(&cast, id);
    assert_int_equal(rejected.state, ACCEPTANCE_SIGNED);
    assert_int_equal(rejected.objection_decider_id, division->person_id);
    tamper(cast.world, "UPDATE acceptances SET state = 'disputed'");
    assert_int_equal(accept_saying(&cast, division, acceptance_uphold, id, "Not measured"), OK);
    assert_int_equal(acceptance_now(&cast, id).state, ACCEPTANCE_CONVENED);
    assert_string_equal(acceptance_now(&cast, id).objection, "");
}

static void X4_a_provider_that_does_not_sign_stops_nothing_for_ever(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = decided_and_signed(&cast);
    const struct actor *division = member_of(cast.world, cast.world->headquarters, R(DIVISION));
    assert_int_equal(accept_saying(&cast, division, acceptance_reject, id, "Silent"), CONFLICT);
    tamper(cast.world, "UPDATE acceptances SET countersign_by = 1");
    assert_int_equal(accept_saying(&cast, cast.member, acceptance_reject, id, "Silent"), FORBIDDEN);
    assert_int_equal(accept_saying(&cast, division, acceptance_reject, id, "Silent"), OK);
    assert_int_equal(accept_step(&cast, cast.audit, acceptance_pass, id), OK);
    assert_int_equal(acceptance_now(&cast, id).state, ACCEPTANCE_FINAL);
}

static void X3_nothing_is_presented_without_documents(void **state)
{
    struct accepting cast = cast_of(state);
    struct acceptance acceptance = {.contract_id = cast.contract,
                                    .completed_on = date_of(2026, 3, 1),
                                    .claimed_fen = {10000001}};
    fields_blank(ACCEPTANCES.fields, &acceptance);
    acceptance.work = "Done";
    act(cast.world, cast.provider);
    assert_int_equal(add(cast.world, &ACCEPTANCES, &acceptance), INVALID);
    assert_only_fault(cast.world, "claimed_fen", "beyond_contract", "X3");
    acceptance.claimed_fen.fen = 10000000;
    assert_int_equal(add(cast.world, &ACCEPTANCES, &acceptance), OK);
    assert_int_equal(accept_step(&cast, cast.provider, acceptance_request, acceptance.id),
                     CONFLICT);
    assert_only_fault(cast.world, "documents", "no_documents", "X3");
}

static void X3_only_the_provider_presents_a_one_off_contract_once_at_a_time(void **state)
{
    struct accepting cast = cast_of(state);
    struct acceptance acceptance = {.contract_id = cast.contract,
                                    .completed_on = date_of(2026, 3, 1),
                                    .claimed_fen = {10000000}};
    fields_blank(ACCEPTANCES.fields, &acceptance);
    acceptance.work = "Done";
    act(cast.world, cast.lead);
    assert_int_equal(add(cast.world, &ACCEPTANCES, &acceptance), INVALID);
    assert_only_fault(cast.world, "contract_id", "provider_presents", "X3");
    a_requested_acceptance(&cast);
    act(cast.world, cast.provider);
    assert_int_equal(add(cast.world, &ACCEPTANCES, &acceptance), INVALID);
    assert_only_fault(cast.world, "contract_id", "acceptance_open", "X3");
    tamper(cast.world, "UPDATE acceptances SET state = 'withdrawn'");
    tamper(cast.world, "UPDATE contracts SET kind = 'continuous'");
    assert_int_equal(add(cast.world, &ACCEPTANCES, &acceptance), INVALID);
    assert_only_fault(cast.world, "contract_id", "one_off_only", "X3");
}

static void X3_a_panel_has_three_and_one_of_them_not_of_the_project(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_requested_acceptance(&cast);
    a_member(&cast, id, cast.lead);
    a_member(&cast, id, cast.member);
    assert_int_equal(accept_step(&cast, cast.lead, acceptance_convene, id), CONFLICT);
    assert_true(was_rejected(cast.world, "panel", "panel_too_small"));
    assert_true(was_rejected(cast.world, "panel", "panel_of_project"));
    assert_int_equal(accept_step(&cast, cast.outside, acceptance_convene, id), FORBIDDEN);
    assert_code(cast.world, "acceptance.not_on_panel");
    a_member(&cast, id, cast.outside);
    declare(cast.world, cast.outside, INTEREST_KIN);
    assert_int_equal(accept_step(&cast, cast.lead, acceptance_convene, id), CONFLICT);
    assert_only_fault(cast.world, "panel", "member_interested", "V3.2");
    declare(cast.world, cast.outside, INTEREST_NONE);
    assert_int_equal(accept_step(&cast, cast.lead, acceptance_convene, id), OK);
}

static void V3_2_a_member_who_declared_nothing_checks_nothing(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_requested_acceptance(&cast);
    a_member(&cast, id, cast.lead);
    a_member(&cast, id, cast.member);
    a_member(&cast, id, cast.outside);
    assert_int_equal(accept_step(&cast, cast.lead, acceptance_convene, id), OK);
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_ACCEPTED), CONFLICT);
    assert_code(cast.world, "acceptance.not_ready");
    assert_true(was_rejected(cast.world, "panel", "member_undeclared"));
    assert_true(was_rejected(cast.world, "lines", "lines_unjudged"));
}

static enum result remove_run(struct ctx *cx, void *host)
{
    struct acceptance_member member;
    TRY(record_get(cx, &ACCEPTANCE_MEMBERS, *(const int64_t *)host, &member));
    return acceptance_member_remove(cx, &member, "Ill");
}

static void V3_2_what_was_judged_by_who_left_the_panel_or_is_interested_is_judged_anew(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_checked_acceptance(&cast, CHECK_PASS); /* by cast.member */
    const struct actor *fourth = member_of(cast.world, cast.world->headquarters, R(OPS));
    struct acceptance_member *panel;
    size_t count;
    a_member(&cast, id, fourth);
    declare(cast.world, fourth, INTEREST_NONE);
    declare(cast.world, cast.member, INTEREST_KIN);
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_ACCEPTED), CONFLICT);
    assert_true(was_rejected(cast.world, "lines", "lines_judged_by_others"));
    act(cast.world, &ACTOR_SYSTEM);
    assert_int_equal(acceptance_panel(&cast.world->test.cx, id, &panel, &count), OK);
    for (size_t i = 0; i < count; i++)
        if (panel[i].person_id == cast.member->person_id) {
            int64_t leaving = panel[i].id;
            act(cast.world, cast.outside);
            assert_int_equal(attempt(cast.world, remove_run, &leaving), OK);
        }
    declare(cast.world, cast.member, INTEREST_NONE);
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_ACCEPTED), CONFLICT);
    assert_only_fault(cast.world, "lines", "lines_judged_by_others", "V3.2");
    check_all(&cast, fourth, id, CHECK_PASS);
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_ACCEPTED), OK);
}

static void X3_an_expert_counts_once(void **state)
{
    struct accepting cast = cast_of(state);
    struct acceptance_member expert = {.acceptance_id = a_requested_acceptance(&cast)};
    fields_blank(ACCEPTANCE_MEMBERS.fields, &expert);
    expert.expert_name = "He";
    expert.expert_of = "Institute";
    expert.expert_interest = INTEREST_NONE;
    struct acceptance_member again = expert, other = expert;
    act(cast.world, cast.outside);
    assert_int_equal(add(cast.world, &ACCEPTANCE_MEMBERS, &expert), OK);
    assert_int_equal(add(cast.world, &ACCEPTANCE_MEMBERS, &again), INVALID);
    assert_only_fault(cast.world, "expert_name", "on_panel_already", "X3");
    other.expert_of = "Another institute";
    assert_int_equal(add(cast.world, &ACCEPTANCE_MEMBERS, &other), OK);
}

static void X3_a_term_that_is_not_on_the_list_stops_the_decision(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_checked_acceptance(&cast, CHECK_PASS);
    act(cast.world, &ACTOR_SYSTEM);
    a_term(cast.world, cast.contract, "9.9");
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_ACCEPTED), CONFLICT);
    assert_only_fault(cast.world, "lines", "terms_uncovered", "X3");
    assert_int_equal(accept_step(&cast, cast.lead, acceptance_build, id), OK);
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_ACCEPTED), CONFLICT);
    assert_only_fault(cast.world, "lines", "lines_unjudged", "X3");
}

static void X3_the_outcome_follows_from_the_lines(void **state)
{
    static const struct {
        enum check_result found;
        enum acceptance_outcome said;
        enum result expected;
    } CASES[] = {
        {CHECK_PASS, OUTCOME_WITH_DEFECTS, INVALID},
        {CHECK_PASS, OUTCOME_REFUSED, INVALID},
        {CHECK_DEFECT, OUTCOME_ACCEPTED, INVALID},
        {CHECK_DEFECT, OUTCOME_WITH_DEFECTS, OK},
        {CHECK_FAIL, OUTCOME_WITH_DEFECTS, INVALID},
        {CHECK_FAIL, OUTCOME_REFUSED, OK},
        {CHECK_NA, OUTCOME_ACCEPTED, OK},
    };
    struct accepting cast = cast_of(state);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const int64_t id = a_checked_acceptance(&cast, CASES[i].found);
        assert_int_equal(acceptance_decided(&cast, id, CASES[i].said), CASES[i].expected);
        if (CASES[i].expected == INVALID)
            assert_only_fault(cast.world, "outcome", "outcome_against_lines", "X3");
        tamper(cast.world, "UPDATE acceptances SET state = 'withdrawn'");
    }
}

static void X3_an_inspector_does_not_sign_for_the_provider(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_checked_acceptance(&cast, CHECK_PASS);
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_ACCEPTED), OK);
    const struct acceptance decided = acceptance_now(&cast, id);
    act(cast.world, cast.lead);
    assert_int_equal(acceptance_countersign(&cast.world->test.cx, &decided, decided.sha256, ""),
                     FORBIDDEN);
    assert_code(cast.world, "acceptance.provider_signs");
    assert_int_equal(accept_saying(&cast, cast.lead, acceptance_sign, id, "another"), CONFLICT);
    assert_code(cast.world, "acceptance.changed");
    assert_int_equal(accept_sign(&cast, cast.lead, id), OK);
    assert_int_equal(accept_sign(&cast, cast.lead, id), CONFLICT);
    assert_int_equal(acceptance_now(&cast, id).state, ACCEPTANCE_DECIDED);
}

static void V3_2_audit_objects_in_its_time_and_changes_nothing(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_signed_acceptance(&cast, CHECK_PASS, OUTCOME_ACCEPTED);
    const struct acceptance before = acceptance_now(&cast, id);
    assert_int_equal(accept_saying(&cast, cast.audit, acceptance_audit, id, "No photographs"), OK);
    const struct acceptance after = acceptance_now(&cast, id);
    assert_int_equal(after.state, ACCEPTANCE_OBJECTED);
    assert_string_equal(after.sha256, before.sha256);
    assert_int_equal(accept_saying(&cast, cast.member, acceptance_answer, id, "See line 1"),
                     FORBIDDEN);
    assert_int_equal(accept_saying(&cast, cast.lead, acceptance_answer, id, "See line 1"), OK);
    assert_int_equal(acceptance_now(&cast, id).state, ACCEPTANCE_SIGNED);
    tamper(cast.world, "UPDATE acceptances SET audit_by = 1");
    assert_int_equal(accept_saying(&cast, cast.audit, acceptance_audit, id, "Too late"), CONFLICT);
    assert_code(cast.world, "acceptance.time_over");
}

static enum result sweep_run(struct ctx *cx, void *host)
{
    (void)host;
    return acceptances_sweep(cx);
}

static void V3_2_when_audits_time_is_over_it_is_final(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_signed_acceptance(&cast, CHECK_PASS, OUTCOME_ACCEPTED);
    act(cast.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(cast.world, sweep_run, NULL), OK);
    assert_int_equal(acceptance_now(&cast, id).state, ACCEPTANCE_SIGNED);
    tamper(cast.world, "UPDATE acceptances SET audit_by = 1");
    assert_int_equal(attempt(cast.world, sweep_run, NULL), OK);
    const struct acceptance final = acceptance_now(&cast, id);
    assert_int_equal(final.state, ACCEPTANCE_FINAL);
    assert_int_equal(final.auditor_id, 0);
}

static void X3_a_decision_that_is_taken_back_is_signed_anew(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_signed_acceptance(&cast, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    struct list defects;
    assert_int_equal(accept_saying(&cast, cast.audit, acceptance_audit, id, "Look again"), OK);
    assert_int_equal(accept_saying(&cast, cast.lead, acceptance_reopen, id, "So we do"), OK);
    assert_int_equal(acceptance_now(&cast, id).state, ACCEPTANCE_CONVENED);
    struct acceptance seen; /* the provider reads why, and not what audit said */
    act(cast.world, cast.provider);
    assert_int_equal(record_get(&cast.world->test.cx, &ACCEPTANCES, id, &seen), OK);
    assert_string_equal(seen.answer, "So we do");
    assert_string_equal(seen.audit_words, "");
    assert_int_equal(record_select(&cast.world->test.cx, &ACCEPTANCE_DEFECTS, "left",
                                   "t.state <> 'withdrawn'", NO_PARAMS, &defects),
                     OK);
    assert_int_equal(defects.count, 0);
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_WITH_DEFECTS), OK);
    assert_int_equal(accept_sign(&cast, cast.lead, id), OK);
}

/* ---- what is left to mend ---- */

/* A document at the defect, by whoever acts. */
static void papers(struct accepting *cast, const struct actor *actor, int64_t id)
{
    struct document document = {
        .size = 1, .subject_id = id, .retention = RETENTION_LONG, .state = DOCUMENT_KEPT};
    fields_blank(DOCUMENTS.fields, &document);
    document.name = document.search_key = "p.txt";
    document.media_type = "text/plain";
    document.sha256 = "ab";
    document.subject = ACCEPTANCE_DEFECTS.name;
    act(cast->world, actor);
    assert_int_equal(add(cast->world, &DOCUMENTS, &document), OK);
}

struct mending {
    int64_t id;
    enum { ANSWER, CLOSE, AGAIN, CHARGE } deed;
    size_t photos;
};

static enum result mend_run(struct ctx *cx, void *host)
{
    const struct mending *mending = host;
    struct acceptance_defect defect;
    TRY(record_get(cx, &ACCEPTANCE_DEFECTS, mending->id, &defect));
    switch (mending->deed) {
    case ANSWER:
        return defect_answer(cx, &defect, "Mended", mending->photos);
    case CLOSE:
        return defect_close(cx, &defect, "Seen");
    case AGAIN:
        return defect_again(cx, &defect, "It still drips");
    default:
        return defect_charge(cx, &defect, (struct money){30000}, "Another firm did it");
    }
}

static enum result mends(struct accepting *cast, const struct actor *actor, struct mending mending)
{
    act(cast->world, actor);
    return attempt(cast->world, mend_run, &mending);
}

static struct acceptance_defect the_defect(struct accepting *cast)
{
    struct list list;
    act(cast->world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&cast->world->test.cx, &ACCEPTANCE_DEFECTS, "one",
                                   "t.state <> 'withdrawn' ORDER BY t.id DESC LIMIT 1", NO_PARAMS,
                                   &list),
                     OK);
    assert_int_equal(list.count, 1);
    return *(const struct acceptance_defect *)list.rows;
}

static void X3_a_defect_is_answered_with_photos_and_looked_at_again(void **state)
{
    struct accepting cast = cast_of(state);
    a_final_acceptance(&cast, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    const int64_t id = the_defect(&cast).id;
    assert_int_equal(mends(&cast, cast.provider, (struct mending){id, ANSWER, 0}), INVALID);
    assert_only_fault(cast.world, "photos", "photo_wanted", "X3");
    papers(&cast, cast.lead, id); /* not the provider's */
    assert_int_equal(mends(&cast, cast.provider, (struct mending){id, ANSWER, 0}), INVALID);
    assert_only_fault(cast.world, "photos", "photo_wanted", "X3");
    assert_int_equal(mends(&cast, cast.lead, (struct mending){id, ANSWER, 1}), FORBIDDEN);
    assert_int_equal(mends(&cast, cast.provider, (struct mending){id, ANSWER, 1}), OK);
    assert_int_equal(mends(&cast, cast.provider, (struct mending){id, CLOSE}), FORBIDDEN);
    assert_int_equal(mends(&cast, cast.lead, (struct mending){id, AGAIN}), OK);
    assert_int_equal(the_defect(&cast).round, 2);
    assert_int_equal(mends(&cast, cast.provider, (struct mending){id, ANSWER, 1}), OK);
    assert_int_equal(mends(&cast, cast.lead, (struct mending){id, CLOSE}), OK);
    assert_int_equal(the_defect(&cast).state, DEFECT_CLOSED);
}

static void X3_what_others_mended_is_charged_after_its_time_with_the_bill(void **state)
{
    struct accepting cast = cast_of(state);
    a_final_acceptance(&cast, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    const int64_t id = the_defect(&cast).id;
    assert_int_equal(mends(&cast, cast.lead, (struct mending){id, CHARGE}), CONFLICT);
    assert_code(cast.world, "acceptance_defect.in_time");
    tamper(cast.world, "UPDATE acceptance_defects SET due_at = 1");
    assert_int_equal(mends(&cast, cast.lead, (struct mending){id, CHARGE}), CONFLICT);
    assert_code(cast.world, "acceptance_defect.no_evidence");
    papers(&cast, cast.provider, id); /* not the client's */
    assert_int_equal(mends(&cast, cast.lead, (struct mending){id, CHARGE}), CONFLICT);
    assert_code(cast.world, "acceptance_defect.no_evidence");
    papers(&cast, cast.lead, id);
    assert_int_equal(mends(&cast, cast.lead, (struct mending){id, CHARGE}), OK);
    assert_int_equal(the_defect(&cast).cost_fen.fen, 30000);
}

static void X3_nothing_is_charged_before_the_acceptance_is_final(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t acceptance = a_signed_acceptance(&cast, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    const int64_t id = the_defect(&cast).id;
    tamper(cast.world, "UPDATE acceptance_defects SET due_at = 1");
    papers(&cast, cast.lead, id);
    assert_int_equal(mends(&cast, cast.lead, (struct mending){id, CHARGE}), CONFLICT);
    assert_code(cast.world, "acceptance_defect.not_final");
    tamper(cast.world, "UPDATE acceptance_defects SET state = 'charged', cost_fen = 30000");
    assert_int_equal(accept_saying(&cast, cast.audit, acceptance_audit, acceptance, "Look again"),
                     OK);
    assert_int_equal(accept_saying(&cast, cast.lead, acceptance_reopen, acceptance, "We do"), OK);
    struct acceptance_defect fallen;
    act(cast.world, &ACTOR_SYSTEM);
    get(cast.world, &ACCEPTANCE_DEFECTS, id, &fallen);
    assert_int_equal(fallen.state, DEFECT_WITHDRAWN);
}

static void X3_the_time_to_mend_does_not_pass_before_all_have_signed(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_checked_acceptance(&cast, CHECK_DEFECT);
    struct ctx *cx = &cast.world->test.cx;
    tamper(cast.world, "UPDATE acceptance_items SET due_on = '2026-01-02' WHERE due_on <> ''");
    assert_int_equal(acceptance_decided(&cast, id, OUTCOME_WITH_DEFECTS), OK);
    const struct actor *signers[] = {cast.lead, cast.member, cast.outside, cast.provider};
    for (size_t i = 0; i < sizeof signers / sizeof signers[0]; i++)
        assert_int_equal(accept_sign(&cast, signers[i], id), OK);
    const struct acceptance_defect defect = the_defect(&cast);
    assert_true(defect.due_at.ms > cx->now.ms);
    assert_int_equal(defect.due_on.days, instant_date(defect.due_at, SHANGHAI_OFFSET_MIN).days);
    assert_false(defect_is_late(cx, &defect));
}

static void X3_claims_are_the_clients_and_within_the_warranty(void **state)
{
    struct accepting cast = cast_of(state);
    const int64_t id = a_final_acceptance(&cast, CHECK_PASS, OUTCOME_ACCEPTED);
    struct acceptance_defect claim = {.acceptance_id = id, .due_on = date_of(2030, 1, 1)};
    fields_blank(ACCEPTANCE_DEFECTS.fields, &claim);
    claim.found = "It leaks";
    act(cast.world, cast.provider);
    assert_int_equal(add(cast.world, &ACCEPTANCE_DEFECTS, &claim), INVALID);
    assert_only_fault(cast.world, "acceptance_id", "client_claims", "X3");
    act(cast.world, cast.lead);
    assert_int_equal(add(cast.world, &ACCEPTANCE_DEFECTS, &claim), OK);
    assert_int_equal(the_defect(&cast).kind, DEFECT_IN_WARRANTY);
    tamper(cast.world, "UPDATE acceptances SET warranty_ends_on = '2026-01-01'");
    act(cast.world, cast.lead);
    claim.kind = 0;
    assert_int_equal(add(cast.world, &ACCEPTANCE_DEFECTS, &claim), INVALID);
    assert_only_fault(cast.world, "acceptance_id", "no_warranty", "X3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(X3_what_is_presented_is_checked_decided_signed_and_final),
        WORLD_TEST(X4_the_providers_objection_is_decided_by_somebody_off_the_panel),
        WORLD_TEST(X4_a_provider_that_does_not_sign_stops_nothing_for_ever),
        WORLD_TEST(X3_nothing_is_presented_without_documents),
        WORLD_TEST(X3_only_the_provider_presents_a_one_off_contract_once_at_a_time),
        WORLD_TEST(X3_a_panel_has_three_and_one_of_them_not_of_the_project),
        WORLD_TEST(V3_2_a_member_who_declared_nothing_checks_nothing),
        WORLD_TEST(V3_2_what_was_judged_by_who_left_the_panel_or_is_interested_is_judged_anew),
        WORLD_TEST(X3_an_expert_counts_once),
        WORLD_TEST(X3_a_term_that_is_not_on_the_list_stops_the_decision),
        WORLD_TEST(X3_the_outcome_follows_from_the_lines),
        WORLD_TEST(X3_an_inspector_does_not_sign_for_the_provider),
        WORLD_TEST(V3_2_audit_objects_in_its_time_and_changes_nothing),
        WORLD_TEST(V3_2_when_audits_time_is_over_it_is_final),
        WORLD_TEST(X3_a_decision_that_is_taken_back_is_signed_anew),
        WORLD_TEST(X3_a_defect_is_answered_with_photos_and_looked_at_again),
        WORLD_TEST(X3_what_others_mended_is_charged_after_its_time_with_the_bill),
        WORLD_TEST(X3_nothing_is_charged_before_the_acceptance_is_final),
        WORLD_TEST(X3_the_time_to_mend_does_not_pass_before_all_have_signed),
        WORLD_TEST(X3_claims_are_the_clients_and_within_the_warranty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
