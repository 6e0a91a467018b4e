/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent.h"

#include "app/gate/directory.h"
#include "app/letters/test_letters.h"

/* ---- a call centre: a contract in force, two managers, letters told by hand ---- */

static int64_t contract;

static int64_t a_call_contract(struct world *world, const char *state)
{
    int64_t id = a_contract(world, world->project, world->provider);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET service = 'outbound_call', state = '%s' "
                               "WHERE id = %lld",
                               state, (long long)id));
    return id;
}

static const char *number_of(struct world *world, int64_t contract_id)
{
    struct contract read;
    get(world, &CONTRACTS, contract_id, &read);
    return read.number;
}

/* Lines as a letter keeps them, read through the type's own fields. */
struct lines {
    char *rows;
    size_t count;
};

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct lines lines_of(struct world *world, const struct letter_type *type,
                             const char *const *texts)
{
    struct lines lines = {.rows = arena_array(world->test.arena, 8, type->line_size)};
    for (; texts[lines.count]; lines.count++)
        letter_line_read(world, type, texts[lines.count],
                         lines.rows + lines.count * type->line_size);
    return lines;
}

static enum result execute_run(struct ctx *cx, void *host)
{
    struct letter letter;
    TRY(record_get(cx, &LETTERS, *(const int64_t *)host, &letter));
    return letter_step(cx, &letter, "execute", "");
}

static enum result send_run(struct ctx *cx, void *host)
{
    struct letter letter;
    TRY(record_get(cx, &LETTERS, *(const int64_t *)host, &letter));
    return letter_send(cx, &letter, "");
}

static int64_t drafted_on(struct world *world, int64_t contract_id, const char *type,
                          const char *const *texts)
{
    const struct letter_type *found = letter_type_find(type);
    const struct lines lines = lines_of(world, found, texts);
    struct letter letter = {
        .type = type,
        .contract_id = contract_id,
        .from_side = SIDE_CLIENT,
        .subject = "About calls",
        .lines = letter_lines_text(world->test.arena, found, lines.rows, lines.count)};
    fields_blank(LETTERS.fields, &letter);
    assert_int_equal(add(world, &LETTERS, &letter), OK);
    return letter.id;
}

/* As a letter of the client that the provider approved. */
static enum result execute_on(struct world *world, int64_t contract_id, const char *type,
                              const char *const *texts)
{
    int64_t id = drafted_on(world, contract_id, type, texts);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE letters SET state = 'approved', attachments = 'its proof' "
                               "WHERE id = %lld",
                               (long long)id));
    return attempt(world, execute_run, &id);
}

static enum result execute(struct world *world, const char *type, const char *const *texts)
{
    return execute_on(world, contract, type, texts);
}

static const char *person_line(struct world *world, const char *code, int64_t person_id)
{
    return arena_printf(world->test.arena,
                        "act=add;code=%s;person_id=%lld;permissions=manual_dial preview_dial", code,
                        (long long)person_id);
}

static int64_t an_agent(struct world *world)
{
    return a_person(world, world->provider, 0);
}

static int set_up(void **state)
{
    world_open(state);
    contract = a_call_contract(*state, "active");
    return 0;
}
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, world_close)

struct allowed {
    enum allowance allowance;
    int64_t contract_id, agent_id;
};

static struct allowed ask_at(struct world *world, const char *agent, const char *number,
                             enum agent_permission mode, struct instant at)
{
    assert_int_equal(directory_renew(&world->test.cx), OK);
    const struct directory *directory = directory_hold();
    const struct finding found =
        directory_judge(directory, &(struct question){.contract = number_of(world, contract),
                                                      .agent = agent,
                                                      .caller = number,
                                                      .mode = mode,
                                                      .at = at});
    const struct allowed allowed = {found.allowance, found.contract ? found.contract->id : 0,
                                    found.agent ? found.agent->id : 0};
    directory_let_go(directory);
    return allowed;
}

static enum allowance ask(struct world *world, const char *agent, const char *number)
{
    return ask_at(world, agent, number, 0, world->test.cx.now).allowance;
}

static struct number a_number(struct world *world, int64_t owner, const char *typed)
{
    struct number number = {
        .owner_id = owner, .number = typed, .carrier = "Carrier", .proof = "Contract of the line"};
    assert_int_equal(add(world, &NUMBERS, &number), OK);
    return number;
}

#define OWN "0571-8888 1234"

/* An agent 1001 who may show the client's own number. */
static void an_open_line(struct world *world)
{
    (void)a_number(world, world->client, OWN);
    assert_int_equal(
        execute(world, "agent_change", LINES(person_line(world, "1001", an_agent(world)))), OK);
    assert_int_equal(execute(world, "number_change", LINES("act=add;number=" OWN)), OK);
}

/* ---- spelling of numbers ---- */

static void a_number_has_one_spelling_however_it_is_written(void **state)
{
    static const struct {
        const char *typed, *normal;
    } CASES[] = {
        {"0571-8888 1234", "+8657188881234"},
        {"(0571) 88881234", "+8657188881234"},
        {"+86 571 8888 1234", "+8657188881234"},
        {"0086-571-88881234", "+8657188881234"},
        {"8657188881234", "+8657188881234"},
        {"13905710000", "+8613905710000"},
        {"010 6600 0000", "+861066000000"},
        {"400-820-8820", "+864008208820"},
        {"95188", "+8695188"},
        {"＋１ (212) 555-0100", "+12125550100"},
        {"013800138000", "+8613800138000"},
        {"+86013800138000", "+8613800138000"},
        {"0086 013800138000", "+8613800138000"},
        {"86013800138000", "+8613800138000"},
        {"+8602112345678", "+862112345678"},
        {"02112345678", "+862112345678"},
        {"+864008208820", "+864008208820"},
        {"+8610086", "+8610086"},
    };
    static const char *const NONE[] = {"",
                                       "88881234",
                                       "0571",
                                       "call me",
                                       "+",
                                       "+0571",
                                       "12345678901234567890",
                                       "138001380001",
                                       "+86138001380001",
                                       "913800138000",
                                       "+008613800138000",
                                       "62345678",
                                       "+8662345678",
                                       "98765432",
                                       "+860095188",
                                       "01380013800"};
    char normal[NUMBER_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_true(number_normalise(CASES[i].typed, normal));
        assert_string_equal(normal, CASES[i].normal);
    }
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        assert_false(number_normalise(NONE[i], normal));
}

/* ---- C1.1 ---- */

static struct agent agent_of(struct world *world, int64_t id)
{
    struct agent agent;
    get(world, &AGENTS, id, &agent);
    return agent;
}

static void a_letter_opens_changes_and_closes_agents(void **state)
{
    struct world *world = *state;
    const int64_t person = an_agent(world);
    assert_int_equal(execute(world, "agent_change", LINES(person_line(world, "1001", person))), OK);
    struct agent agent = agent_of(world, 1);
    assert_string_equal(agent.code, "1001");
    assert_int_equal(agent.person_id, person);
    assert_int_equal(agent.permissions.bits, 3);
    assert_int_equal(agent.state, AGENT_ACTIVE);
    assert_int_equal(
        execute(world, "agent_change", LINES("act=change;code=1001;permissions=predictive")), OK);
    agent = agent_of(world, 1);
    assert_int_equal(agent.permissions.bits, 1u << (MAY_PREDICT - 1));
    assert_int_equal(execute(world, "agent_change", LINES("act=disable;code=1001")), OK);
    assert_int_equal(agent_of(world, 1).state, AGENT_DISABLED);
    assert_int_equal(execute(world, "agent_change", LINES("act=change;code=1001")), OK);
    assert_int_equal(agent_of(world, 1).state, AGENT_ACTIVE);
}

/* Until then it counts for the month and for its manager's team; open again it has no end. */
static void C2_4_an_agent_that_was_disabled_was_there_until_that_day(void **state)
{
    struct world *world = *state;
    const struct date today = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    const char *const add_until =
        "act=add;code=1002;person_id=%lld;permissions=manual_dial;from=2026-01-01;to=2027-12-31";
    assert_int_equal(
        execute(world, "agent_change",
                LINES(person_line(world, "1001", an_agent(world)),
                      arena_printf(world->test.arena, add_until, (long long)an_agent(world)))),
        OK);
    assert_int_equal(agent_of(world, 1).to.days, 0);
    assert_int_equal(
        execute(world, "agent_change", LINES("act=disable;code=1001", "act=disable;code=1002")),
        OK);
    assert_int_equal(agent_of(world, 1).to.days, today.days);
    assert_int_equal(agent_of(world, 2).to.days, today.days);
    world->test.cx.now = instant_of(date_add(today, 9), 600, SHANGHAI_OFFSET_MIN);
    assert_int_equal(execute(world, "agent_change",
                             LINES("act=change;code=1001", "act=change;code=1002;to=2027-06-30")),
                     OK);
    assert_int_equal(agent_of(world, 1).to.days, 0);
    assert_int_equal(agent_of(world, 2).to.days, date_of(2027, 6, 30).days);
    assert_int_equal(agent_of(world, 2).from.days, date_of(2026, 1, 1).days);
}

static void a_person_may_be_named_with_the_job(void **state)
{
    struct world *world = *state;
    struct person person = {.organisation_id = world->provider, .name = "Xu Na", .job = JOB_AGENT};
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    const char *line = "act=add;code=1001;person_name=Xu Na;permissions=manual_dial";
    assert_int_equal(execute(world, "agent_change", LINES(line)), OK);
    assert_int_equal(agent_of(world, 1).person_id, person.id);
    person.id = 0;
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    line = "act=add;code=1002;person_name=Xu Na;permissions=manual_dial";
    assert_int_equal(execute(world, "agent_change", LINES(line)), INVALID);
    assert_only_fault(world, "lines.0.person_name", "several_people", "C1.1");
}

static void assert_refused(struct world *world, const char *type, const char *line,
                           const char *field, const char *code, const char *clause)
{
    assert_int_equal(execute(world, type, LINES(line)), INVALID);
    assert_only_fault(world, field, code, clause);
}

static void an_agent_is_a_person_of_the_provider_who_has_not_left(void **state)
{
    struct world *world = *state;
    const int64_t rival = an_organisation(world, "Rival", SIDE_PROVIDER), left = an_agent(world);
    tamper(world, "UPDATE people SET left_on = '2026-02-01'");
    assert_refused(world, "agent_change", person_line(world, "1001", a_person(world, rival, 0)),
                   "lines.0.person_id", "not_on_roster", "C1.1");
    assert_refused(world, "agent_change", person_line(world, "1001", left), "lines.0.person_id",
                   "not_on_roster", "C1.1");
    assert_refused(world, "agent_change",
                   "act=add;code=1001;person_name=Nobody;permissions=manual_dial",
                   "lines.0.person_name", "not_on_roster", "C1.1");
}

static void a_code_stands_for_one_person_at_the_provider(void **state)
{
    struct world *world = *state;
    const int64_t first = an_agent(world), second = an_agent(world);
    const int64_t other = a_call_contract(world, "active");
    assert_int_equal(execute(world, "agent_change", LINES(person_line(world, "1001", first))), OK);
    assert_refused(world, "agent_change", person_line(world, "1001", second), "lines.0.code",
                   "code_taken", "C1.1");
    assert_refused(world, "agent_change", person_line(world, "1002", first), "lines.0.person_id",
                   "has_code", "C1.1");
    assert_int_equal(
        execute_on(world, other, "agent_change", LINES(person_line(world, "1001", second))),
        INVALID);
    assert_only_fault(world, "lines.0.code", "code_taken", "C1.1");
    assert_int_equal(
        execute_on(world, other, "agent_change", LINES(person_line(world, "1001", first))), OK);
}

static void a_letter_names_each_code_once_and_those_it_changes_are_known(void **state)
{
    struct world *world = *state;
    const int64_t person = an_agent(world);
    assert_refused(world, "agent_change", "act=disable;code=9999", "lines.0.code", "code_unknown",
                   "C1.1");
    assert_int_equal(execute(world, "agent_change",
                             LINES(person_line(world, "1001", person), "act=disable;code=1001")),
                     INVALID);
    assert_only_fault(world, "lines.1.code", "code_twice", "C1.1");
    assert_int_equal(execute(world, "agent_change", LINES(person_line(world, "1001", person))), OK);
    assert_int_equal(execute(world, "agent_change", LINES("act=disable;code=1001")), OK);
    assert_refused(world, "agent_change", "act=disable;code=1001", "lines.0.code", "code_disabled",
                   "C1.1");
}

static void agents_are_opened_on_a_contract_in_force_and_closed_on_any(void **state)
{
    struct world *world = *state;
    assert_int_equal(
        execute(world, "agent_change", LINES(person_line(world, "1001", an_agent(world)))), OK);
    tamper(world, "UPDATE contracts SET state = 'suspended'");
    assert_refused(world, "agent_change", person_line(world, "1002", an_agent(world)),
                   "contract_id", "contract_not_active", "C1.1");
    assert_int_equal(execute(world, "agent_change", LINES("act=disable;code=1001")), OK);
}

/* Either all lines are executed or none. */
static void a_letter_with_one_wrong_line_changes_nothing(void **state)
{
    struct world *world = *state;
    const struct list_query query = {.limit = 5};
    struct list list;
    assert_int_equal(
        execute(world, "agent_change",
                LINES(person_line(world, "1001", an_agent(world)), "act=disable;code=9999")),
        INVALID);
    world->test.cx.fault = (struct fault){0};
    assert_int_equal(record_list(&world->test.cx, &AGENTS, &query, &list), OK);
    assert_int_equal(list.count, 0);
}

/* ---- C1.2: numbers ---- */

static void a_number_is_registered_once_by_its_owner(void **state)
{
    struct world *world = *state;
    const int64_t rival = an_organisation(world, "Rival", SIDE_PROVIDER);
    struct number number = {.number = OWN, .carrier = "Carrier", .proof = "Paper"};
    act(world, member_of(world, world->division, R(DIVISION)));
    assert_int_equal(add(world, &NUMBERS, &number), OK);
    assert_int_equal(number.owner_id, world->client);
    assert_string_equal(number.number, "+8657188881234");
    assert_string_equal(number.shown, OWN);
    struct number again = {.number = "+86 571 88881234", .carrier = "Carrier", .proof = "Paper"};
    assert_int_equal(add(world, &NUMBERS, &again), INVALID);
    assert_only_fault(world, "number", "number_registered", "C1.2");
    struct number theirs = {
        .owner_id = world->provider, .number = "95188", .carrier = "Carrier", .proof = "Paper"};
    assert_int_equal(add(world, &NUMBERS, &theirs), INVALID);
    assert_only_fault(world, "owner_id", "not_owner", "C1.2");
    act(world, outsider_of(world, rival, R(PROVIDER)));
    assert_int_equal(record_get(&world->test.cx, &NUMBERS, number.id, &again), NOT_FOUND);
}

static void who_need_not_know_a_number_sees_its_ends(void **state)
{
    struct world *world = *state;
    const struct actor *client = member_of(world, world->project, R(CLIENT)),
                       *resident = member_of(world, world->project, R(RESIDENT));
    struct number number;
    const int64_t id = a_number(world, world->client, OWN).id;
    act(world, client);
    get(world, &NUMBERS, id, &number);
    assert_string_equal(number.number, "+8657188881234");
    act(world, resident);
    get(world, &NUMBERS, id, &number);
    assert_null(strstr(number.number, "8888"));
    assert_null(strstr(number.shown, "8888"));
}

static void the_clients_own_number_is_permitted_and_stopped_by_letter(void **state)
{
    struct world *world = *state;
    an_open_line(world);
    assert_int_equal(ask(world, "1001", OWN), ALLOWED);
    assert_int_equal(ask(world, "1001", "+8657188881234"), ALLOWED);
    assert_refused(world, "number_change", "act=add;number=" OWN, "lines.0.number",
                   "already_permitted", "C1.2");
    assert_int_equal(execute(world, "number_change", LINES("act=stop;number=" OWN)), OK);
    assert_int_equal(ask(world, "1001", OWN), REFUSED_NUMBER_NOT_PERMITTED);
    assert_refused(world, "number_change", "act=change;number=" OWN, "lines.0.number",
                   "not_permitted", "C1.2");
    assert_int_equal(execute(world, "number_change", LINES("act=add;number=" OWN)), OK);
    assert_int_equal(ask(world, "1001", OWN), ALLOWED);
}

static void the_clients_letter_is_about_its_own_numbers(void **state)
{
    struct world *world = *state;
    (void)a_number(world, world->provider, "95188");
    assert_refused(world, "number_change", "act=add;number=95188", "lines.0.number",
                   "number_of_another", "C1.2");
    assert_refused(world, "number_change", "act=add;number=95588", "lines.0.number",
                   "number_not_registered", "C1.2");
    assert_int_equal(
        execute(world, "number_change", LINES("act=stop;number=95588", "act=stop;number=95588")),
        INVALID);
    assert_true(was_rejected(world, "lines.1.number", "number_twice"));
}

static void the_providers_number_is_off_until_it_is_permitted(void **state)
{
    struct world *world = *state;
    an_open_line(world);
    (void)a_number(world, world->provider, "95188");
    assert_int_equal(ask(world, "1001", "95188"), REFUSED_NUMBER_NOT_PERMITTED);
    assert_refused(world, "number_permission", "number=95188;to=2026-12-31;purpose=Peak",
                   "lines.0.acknowledged", "must_acknowledge", "C1.2");
    assert_true(letter_type_find("number_permission")->needs_attachment);
    assert_int_equal(execute(world, "number_permission",
                             LINES("number=95188;to=2026-12-31;purpose=Peak;acknowledged=yes")),
                     OK);
    assert_int_equal(ask(world, "1001", "95188"), ALLOWED);
    assert_int_equal(execute(world, "number_change", LINES("act=stop;number=95188")), OK);
    assert_int_equal(ask(world, "1001", "95188"), REFUSED_NUMBER_NOT_PERMITTED);
}

static void a_number_is_on_one_contract_at_a_time(void **state)
{
    struct world *world = *state;
    const struct actor *stranger =
        member_of(world, a_unit(world, world->headquarters, UNIT_DIVISION), R(CLIENT));
    an_open_line(world);
    contract = a_call_contract(world, "active");
    assert_refused(world, "number_change", "act=add;number=" OWN, "lines.0.number",
                   "number_in_use_on", "C1.2");
    tamper(world,
           arena_printf(world->test.arena, "UPDATE contracts SET unit_id = %lld WHERE id = %lld",
                        (long long)stranger->unit_id, (long long)contract));
    struct signature_agreement agreement = {.client_id = world->client,
                                            .provider_id = world->provider,
                                            .number = "1",
                                            .signed_on = date_of(2026, 1, 5)};
    assert_int_equal(add(world, &SIGNATURE_AGREEMENTS, &agreement), OK);
    act(world, stranger);
    int64_t id = drafted_on(world, contract, "number_change", LINES("act=add;number=" OWN));
    assert_int_equal(attempt(world, send_run, &id), INVALID);
    assert_only_fault(world, "lines.0.number", "number_in_use", "C1.2");
}

/* ---- may this call be made? ---- */

static void a_call_is_refused_for_the_first_thing_that_is_not_permitted(void **state)
{
    static const struct {
        const char *sql;
        enum allowance expected;
    } CASES[] = {
        {"UPDATE contracts SET state = 'suspended'", REFUSED_CONTRACT},
        {"UPDATE agents SET state = 'disabled'", REFUSED_AGENT_DISABLED},
        {"UPDATE agents SET \"from\" = '2026-12-01'", REFUSED_AGENT_DISABLED},
        {"UPDATE agents SET \"to\" = '2026-01-01'", REFUSED_AGENT_DISABLED},
        {"UPDATE people SET left_on = '2026-01-01'", REFUSED_AGENT_DISABLED},
        {"UPDATE agents SET code = '1002'", REFUSED_AGENT_UNKNOWN},
        {"UPDATE numbers SET number = '+8695188'", REFUSED_NUMBER_UNKNOWN},
        {"UPDATE numbers SET state = 'suspended'", REFUSED_NUMBER_SUSPENDED},
        {"UPDATE number_permissions SET \"to\" = '2026-01-01'", REFUSED_NUMBER_NOT_PERMITTED},
        {"UPDATE number_permissions SET \"from\" = '2026-12-01'", REFUSED_NUMBER_NOT_PERMITTED},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        set_up(state);
        struct world *world = *state;
        an_open_line(world);
        tamper(world, CASES[i].sql);
        assert_int_equal(ask(world, "1001", OWN), CASES[i].expected);
        world_close(state);
    }
}

static void an_agent_dials_only_as_permitted(void **state)
{
    struct world *world = *state;
    an_open_line(world);
    const struct instant now = world->test.cx.now;
    assert_int_equal(ask_at(world, "1001", OWN, MAY_DIAL, now).allowance, ALLOWED);
    assert_int_equal(ask_at(world, "1001", OWN, MAY_PREDICT, now).allowance, REFUSED_MODE);
    assert_int_equal(ask_at(world, "", OWN, MAY_PREDICT, now).allowance, ALLOWED);
}

static enum result breach_run(struct ctx *cx, void *host)
{
    const struct allowed *allowed = host;
    return breach_add(cx, (struct breach){.kind = allowed->allowance,
                                          .contract_id = allowed->contract_id,
                                          .agent_id = allowed->agent_id,
                                          .agent_code = "1001",
                                          .number = "95188",
                                          .at = cx->now,
                                          .source = BREACH_GATE,
                                          .count = 1});
}

static void what_was_refused_is_kept_with_what_is_known_of_it(void **state)
{
    struct world *world = *state;
    an_open_line(world);
    const struct allowed allowed = ask_at(world, "1001", "95188", 0, world->test.cx.now);
    struct breach breach;
    assert_int_equal(allowed.allowance, REFUSED_NUMBER_UNKNOWN);
    assert_int_equal(attempt(world, breach_run, (void *)(uintptr_t)&allowed), OK);
    get(world, &BREACHES, 1, &breach);
    assert_int_equal(breach.kind, REFUSED_NUMBER_UNKNOWN);
    assert_string_equal(breach.number, "+8695188");
    assert_int_equal(breach.agent_id, 1);
}

static enum result notices_as(struct world *world, const struct actor *actor, struct list *out)
{
    const struct list_query query = {.limit = 10, .sort = "id"};
    act(world, actor);
    return record_list(&world->test.cx, &NOTICES, &query, out);
}

static void C1_2_breaches_of_an_hour_are_one_notice_with_their_number(void **state)
{
    struct world *world = *state;
    struct list list;
    const struct actor *duty = outsider_of(world, world->provider, R(DUTY)),
                       *contact = member_of(world, world->project, R(CLIENT)),
                       *other = member_of(world, world->project, R(CLIENT));
    tamper(world, arena_printf(world->test.arena, "UPDATE contracts SET contact_id = %lld",
                               (long long)contact->person_id));
    an_open_line(world);
    const struct allowed allowed = ask_at(world, "1001", "95188", 0, world->test.cx.now);
    const struct actor *const hearers[] = {duty, contact};
    act(world, &ACTOR_SYSTEM);
    for (int i = 0; i < 3; i++)
        assert_int_equal(attempt(world, breach_run, (void *)(uintptr_t)&allowed), OK);
    world->test.cx.now.ms += 60 * 60 * INT64_C(1000);
    assert_int_equal(attempt(world, breach_run, (void *)(uintptr_t)&allowed), OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(notices_as(world, hearers[i], &list), OK);
        assert_int_equal(list.count, 2);
        const struct notice *notices = list.rows;
        assert_string_equal(notices[0].kind, "breach.found");
        assert_string_equal(notices[0].detail, "3");
        assert_string_equal(notices[1].detail, "1");
    }
    assert_int_equal(notices_as(world, other, &list), OK);
    assert_int_equal(list.count, 0);
}

struct stepping {
    struct number number;
    const char *action, *reason;
};

static enum result step_run(struct ctx *cx, void *host)
{
    const struct stepping *stepping = host;
    return number_step(cx, &stepping->number, stepping->action, stepping->reason);
}

static enum result step(struct world *world, int64_t id, const char *action, const char *reason)
{
    struct stepping stepping = {.action = action, .reason = reason};
    get(world, &NUMBERS, id, &stepping.number);
    return attempt(world, step_run, &stepping);
}

static void a_number_is_stopped_by_its_owner_with_a_reason(void **state)
{
    struct world *world = *state;
    an_open_line(world);
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(step(world, 1, "suspend", "Complaints"), FORBIDDEN);
    assert_code(world, "number.not_yours");
    act(world, member_of(world, world->project, R(CLIENT)));
    assert_int_equal(step(world, 1, "suspend", ""), INVALID);
    assert_int_equal(step(world, 1, "suspend", "Complaints"), OK);
    assert_int_equal(ask(world, "1001", OWN), REFUSED_NUMBER_SUSPENDED);
    assert_int_equal(step(world, 1, "suspend", "Again"), CONFLICT);
    assert_int_equal(step(world, 1, "resume", ""), OK);
    assert_int_equal(ask(world, "1001", OWN), ALLOWED);
    assert_int_equal(step(world, 1, "retire", "Given back"), OK);
    assert_int_equal(step(world, 1, "resume", ""), CONFLICT);
    assert_code(world, "number.wrong_state");
}

/* ---- duties ---- */

static void a_permission_with_an_end_is_renewed_in_the_month_before(void **state)
{
    struct world *world = *state;
    const struct duty_rule *rule = &AGENT_DUTIES[0];
    struct number_permission permission;
    struct duty duty = {.id = 0};
    enum owing owing;
    an_open_line(world);
    get(world, &NUMBER_PERMISSIONS, 1, &permission);
    assert_int_equal(rule->judge(&world->test.cx, &permission, &duty, &owing), OK);
    assert_int_equal(owing, OWING_NOTHING);
    permission.to = date_of(2026, 6, 30);
    assert_int_equal(rule->judge(&world->test.cx, &permission, &duty, &owing), OK);
    assert_int_equal(owing, OWING_DUTY);
    assert_string_equal(duty.owner_role, "client");
    assert_int_equal(instant_date(duty.opened_at, SHANGHAI_OFFSET_MIN).days,
                     date_of(2026, 5, 31).days);
    assert_int_equal(instant_date(duty.due_at, SHANGHAI_OFFSET_MIN).days,
                     date_of(2026, 6, 30).days);
    permission.contract_state = "ended";
    assert_int_equal(rule->judge(&world->test.cx, &permission, &duty, &owing), OK);
    assert_int_equal(owing, OWING_NOTHING);
    permission.contract_state = "active";
    permission.state = PERMISSION_ENDED;
    assert_int_equal(rule->judge(&world->test.cx, &permission, &duty, &owing), OK);
    assert_int_equal(owing, OWING_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_has_one_spelling_however_it_is_written),
        TEST(a_letter_opens_changes_and_closes_agents),
        TEST(C2_4_an_agent_that_was_disabled_was_there_until_that_day),
        TEST(a_person_may_be_named_with_the_job),
        TEST(an_agent_is_a_person_of_the_provider_who_has_not_left),
        TEST(a_code_stands_for_one_person_at_the_provider),
        TEST(a_letter_names_each_code_once_and_those_it_changes_are_known),
        TEST(agents_are_opened_on_a_contract_in_force_and_closed_on_any),
        TEST(a_letter_with_one_wrong_line_changes_nothing),
        TEST(a_number_is_registered_once_by_its_owner),
        TEST(who_need_not_know_a_number_sees_its_ends),
        TEST(the_clients_own_number_is_permitted_and_stopped_by_letter),
        TEST(the_clients_letter_is_about_its_own_numbers),
        TEST(the_providers_number_is_off_until_it_is_permitted),
        TEST(a_number_is_on_one_contract_at_a_time),
        cmocka_unit_test(a_call_is_refused_for_the_first_thing_that_is_not_permitted),
        TEST(an_agent_dials_only_as_permitted),
        TEST(what_was_refused_is_kept_with_what_is_known_of_it),
        TEST(C1_2_breaches_of_an_hour_are_one_notice_with_their_number),
        TEST(a_number_is_stopped_by_its_owner_with_a_reason),
        TEST(a_permission_with_an_end_is_renewed_in_the_month_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
