/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/retention/retention.h"

#include "app/calls/test_centre.h"

static struct retention_rule rule_of(int64_t contract, int32_t days)
{
    return (struct retention_rule){
        .contract_id = contract, .kind = RETAIN_CALLS, .days = days, .basis = "Contract, 7.2"};
}

static int32_t days_of(struct world *world, enum retention_kind kind, int64_t contract)
{
    struct kept kept;
    assert_int_equal(retention_of(&world->test.cx, kind, contract, &kept), OK);
    return kept.days;
}

static void records_are_kept_as_the_nearest_rule_says(void **state)
{
    struct world *world = *state;
    struct retention_rule company = rule_of(0, 900), own = rule_of(centre.contract, 60);
    company.organisation_id = world->client;
    assert_int_equal(days_of(world, RETAIN_CALLS, centre.contract), 731); /* the usual */
    assert_int_equal(add(world, &RETENTION_RULES, &company), OK);
    assert_int_equal(days_of(world, RETAIN_CALLS, centre.contract), 900);
    assert_int_equal(days_of(world, RETAIN_RECORDINGS, centre.contract), 183);
    assert_int_equal(add(world, &RETENTION_RULES, &own), OK);
    assert_int_equal(days_of(world, RETAIN_CALLS, centre.contract), 60);
    assert_int_equal(days_of(world, RETAIN_CALLS, 0), 900); /* of unknown contracts */
}

static void C2_4_no_rule_goes_below_the_ministrys_thirty_days_or_stands_twice(void **state)
{
    struct world *world = *state;
    struct retention_rule rule = rule_of(centre.contract, 29);
    assert_int_equal(add(world, &RETENTION_RULES, &rule), INVALID);
    assert_true(was_rejected(world, "days", "too_small"));
    rule = rule_of(centre.contract, 30);
    assert_int_equal(add(world, &RETENTION_RULES, &rule), OK);
    rule = rule_of(centre.contract, 40);
    assert_int_equal(add(world, &RETENTION_RULES, &rule), INVALID);
    assert_true(was_rejected(world, "contract_id", "taken"));
}

static int64_t held(struct world *world, int64_t contract, struct date from, struct date to)
{
    int64_t hold;
    assert_int_equal(retention_held(&world->test.cx, contract, from, to, &hold), OK);
    return hold;
}

static struct legal_hold a_hold(struct world *world, int64_t contract, struct date from,
                                struct date to)
{
    struct legal_hold hold = {.organisation_id = world->client,
                              .contract_id = contract,
                              .from = from,
                              .to = to,
                              .reason = "Case 12"};
    assert_int_equal(add(world, &LEGAL_HOLDS, &hold), OK);
    return hold;
}

static void a_hold_covers_its_contract_and_its_days(void **state)
{
    struct world *world = *state;
    const struct date first = date_of(2026, 2, 10), last = date_of(2026, 2, 20);
    const struct legal_hold hold = a_hold(world, centre.contract, first, last);
    assert_int_equal(held(world, centre.contract, date_of(2026, 2, 1), first), hold.id);
    assert_int_equal(held(world, centre.contract, last, date_of(2026, 3, 1)), hold.id);
    assert_int_equal(held(world, centre.contract, date_add(last, 1), date_of(2026, 3, 1)), 0);
    assert_int_equal(held(world, centre.contract, date_of(2026, 1, 1), date_add(first, -1)), 0);
    assert_int_equal(held(world, 0, first, last), 0);
}

static void a_hold_without_contract_and_end_covers_all_that_comes(void **state)
{
    struct world *world = *state;
    const struct date first = date_of(2026, 2, 10);
    const struct legal_hold hold = a_hold(world, 0, first, (struct date){0});
    assert_int_equal(held(world, 0, date_of(2031, 1, 1), date_of(2031, 1, 31)), hold.id);
    assert_int_equal(held(world, centre.contract, first, first), hold.id);
}

static void X4_a_hold_without_contract_holds_nothing_of_another_organisation(void **state)
{
    struct world *world = *state;
    const struct date first = date_of(2026, 2, 10);
    struct legal_hold hold = {.organisation_id = an_organisation(world, "Other", SIDE_CLIENT),
                              .reason = "Case 13"};
    assert_int_equal(add(world, &LEGAL_HOLDS, &hold), OK);
    assert_int_equal(held(world, centre.contract, first, first), 0);
    assert_int_equal(held(world, 0, first, first), hold.id); /* whose that is nobody knows */
}

struct releasing {
    struct legal_hold hold;
    const char *reason;
};

static enum result release(struct ctx *cx, void *host)
{
    const struct releasing *releasing = host;
    return hold_release(cx, &releasing->hold, releasing->reason);
}

static void X4_a_hold_ends_by_whoever_placed_it_with_a_reason(void **state)
{
    struct world *world = *state;
    const struct date first = date_of(2026, 2, 10);
    struct releasing releasing = {.reason = ""};
    releasing.hold = a_hold(world, centre.contract, first, first);
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(attempt(world, release, &releasing), FORBIDDEN);
    act(world, member_of(world, world->headquarters, R(OPS)));
    assert_int_equal(attempt(world, release, &releasing), INVALID);
    assert_int_equal(held(world, centre.contract, first, first), releasing.hold.id);
    releasing.reason = "Settled";
    assert_int_equal(attempt(world, release, &releasing), OK);
    assert_int_equal(held(world, centre.contract, first, first), 0);
    get(world, &LEGAL_HOLDS, releasing.hold.id, &releasing.hold);
    assert_int_equal(attempt(world, release, &releasing), CONFLICT);
}

static void a_provider_holds_only_what_it_called(void **state)
{
    struct world *world = *state;
    struct legal_hold hold = {.reason = "Labour dispute"};
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(add(world, &LEGAL_HOLDS, &hold), INVALID);
    assert_true(was_rejected(world, "contract_id", "required"));
    hold = (struct legal_hold){.contract_id = centre.contract, .reason = "Labour dispute"};
    assert_int_equal(add(world, &LEGAL_HOLDS, &hold), OK);
    assert_int_equal(hold.organisation_id, world->provider);
}

static enum result certify(struct ctx *cx, void *host)
{
    return certificate_add(cx, host);
}

static enum result done(struct ctx *cx, void *host)
{
    return certificate_done(cx, host);
}

static void a_certificate_names_whose_records_went_and_when(void **state)
{
    struct world *world = *state;
    struct deletion_certificate certificate = {.kind = RETAIN_CALLS,
                                               .subject = "2024-01",
                                               .contract_id = centre.contract,
                                               .from = date_of(2024, 1, 1),
                                               .to = date_of(2024, 1, 31),
                                               .count = 7,
                                               .sha256 = "ab",
                                               .rule_days = 731,
                                               .rule_basis = "Law"},
                                *known;
    size_t count;
    assert_int_equal(attempt(world, certify, &certificate), OK);
    assert_int_equal(certificates_of(&world->test.cx, RETAIN_CALLS, "2024-01", &known, &count), OK);
    assert_int_equal(count, 1);
    assert_int_equal(known->state, CERTIFICATE_UNDERWAY);
    assert_int_equal(known->provider_id, world->provider);
    assert_int_equal(attempt(world, done, known), OK);
    get(world, &DELETION_CERTIFICATES, certificate.id, &certificate);
    assert_int_equal(certificate.state, CERTIFICATE_DELETED);
    assert_int_equal(certificate.decided_by, DECIDED_BY_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CENTRE_TEST(records_are_kept_as_the_nearest_rule_says),
        CENTRE_TEST(C2_4_no_rule_goes_below_the_ministrys_thirty_days_or_stands_twice),
        CENTRE_TEST(a_hold_covers_its_contract_and_its_days),
        CENTRE_TEST(a_hold_without_contract_and_end_covers_all_that_comes),
        CENTRE_TEST(X4_a_hold_without_contract_holds_nothing_of_another_organisation),
        CENTRE_TEST(X4_a_hold_ends_by_whoever_placed_it_with_a_reason),
        CENTRE_TEST(a_provider_holds_only_what_it_called),
        CENTRE_TEST(a_certificate_names_whose_records_went_and_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
